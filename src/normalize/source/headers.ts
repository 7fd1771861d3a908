/** Response headers that source sets: by name, by assignment, and by the libraries that set them in one call. */
import type { Header } from "../../model.ts";
import { type Call, type Expression, entry, lastSegment, option } from "../../parse/script.ts";
import { calleeWord, canonical, implied, located, type Module } from "./modules.ts";
import { booleanOf, type Context, numberOf, stringOf } from "./resolve.ts";

/** A header and the expression it is set to. */
interface HeaderSet {
  readonly name: string;
  readonly at: { readonly start: number; readonly end: number };
  readonly value: Expression;
  readonly within: Call["within"];
  readonly guard: Call["guard"];
}

const HEADER =
  /^(?:access-control-[a-z-]+|x-content-type-options|x-frame-options|x-xss-protection|strict-transport-security|content-security-policy|referrer-policy|permissions-policy|cross-origin-[a-z]+-policy)$/i;

const SETTERS: ReadonlySet<string> = new Set(
  "set setHeader header append appendHeader set_header add_header add setdefault raw_header".split(" "),
);

/** Calls that send a request: what they set is no response header. */
const CLIENT =
  /^(?:this\.)?\$?(?:axios|fetch|ky|got|superagent|requests|httpx|session|aiohttp|http|\$http|client|api)(?:\.|$)|^XMLHttpRequest|\b(?:fetch|request)$/i;

/** Every place of a file that names a response header and gives it a value. */
export function headersSet(module: Module): HeaderSet[] {
  const { tree, bindings } = module;
  const client = tree.calls.some(({ path }) => /^(?:axios|fetch|ky|got)\b/.test(canonical(module, path)));
  const calls = tree.calls.flatMap((call): HeaderSet[] => {
    const [name, value] = call.positional;
    if (name?.kind !== "string" || !value || !HEADER.test(name.text)) return [];
    if (!SETTERS.has(lastSegment(call.path)) || /xhr|request\(\)/i.test(call.path)) return [];
    return [{ name: name.text, at: name, value, within: call.within, guard: call.guard }];
  });
  const entries = bindings.flatMap(({ path, key, value, call, within, guard }): HeaderSet[] => {
    if (!value || !HEADER.test(key.text) || /devServer/.test(path)) return [];
    const responds = call ? !CLIENT.test(canonical(module, call.path)) : !client;
    return responds ? [{ name: key.text, at: key, value, within, guard }] : [];
  });
  return [...calls, ...entries];
}

interface Bundle {
  /** Canonical path of the call. */
  readonly made: RegExp;
  readonly headers: readonly (readonly [name: string, value: string, ...options: string[]])[];
}

/** Libraries whose one call sets several headers: what they send by default, and the options that switch it off. */
const BUNDLES: readonly Bundle[] = [
  {
    made: /^(?:helmet|@fastify\/helmet|fastify-helmet|koa-helmet)(?:\.default)?$/,
    headers: [
      ["Strict-Transport-Security", "max-age=31536000; includeSubDomains", "hsts", "strictTransportSecurity"],
      ["X-Content-Type-Options", "nosniff", "noSniff", "xContentTypeOptions"],
      ["X-Frame-Options", "SAMEORIGIN", "frameguard", "xFrameOptions"],
      ["X-XSS-Protection", "0", "xssFilter", "xXssProtection"],
      ["Content-Security-Policy", "default-src 'self'", "contentSecurityPolicy"],
      ["Referrer-Policy", "no-referrer", "referrerPolicy"],
      ["Cross-Origin-Opener-Policy", "same-origin", "crossOriginOpenerPolicy"],
      ["Cross-Origin-Resource-Policy", "same-origin", "crossOriginResourcePolicy"],
    ],
  },
  {
    made: /^hono\/secure-headers\.secureHeaders$/,
    headers: [
      ["Strict-Transport-Security", "max-age=15552000; includeSubDomains", "strictTransportSecurity"],
      ["X-Content-Type-Options", "nosniff", "xContentTypeOptions"],
      ["X-Frame-Options", "SAMEORIGIN", "xFrameOptions"],
      ["Referrer-Policy", "no-referrer", "referrerPolicy"],
    ],
  },
  {
    made: /^flask_talisman\.Talisman$/,
    headers: [
      ["Strict-Transport-Security", "max-age=31556926; includeSubDomains", "strict_transport_security"],
      ["X-Content-Type-Options", "nosniff", "x_content_type_options"],
      ["X-Frame-Options", "SAMEORIGIN", "frame_options"],
      ["Content-Security-Policy", "default-src 'self'", "content_security_policy"],
      ["Referrer-Policy", "strict-origin-when-cross-origin", "referrer_policy"],
    ],
  },
  {
    made: /^secure\.(?:Secure|Secure\.with_default_headers|secure\.Secure)$/,
    headers: [
      ["Strict-Transport-Security", "max-age=31536000", "hsts"],
      ["X-Content-Type-Options", "nosniff", "xcto"],
      ["X-Frame-Options", "SAMEORIGIN", "xfo"],
      ["Referrer-Policy", "strict-origin-when-cross-origin", "referrer"],
    ],
  },
];

function bundled(within: Context, module: Module, call: Call): Header[] {
  const path = canonical(module, call.path);
  const bundle = BUNDLES.find(({ made }) => made.test(path)) ?? registered(module, call);
  return (bundle?.headers ?? []).flatMap(([name, value, ...options]) => {
    const off = option(call, ...options);
    if (off && booleanOf(within, module, off.value)?.at.value === false) return [];
    const age =
      /max-age=/.test(value) && off && numberOf(within, module, entry(off.value, "maxAge")?.value ?? off.value);
    const word = calleeWord(call);
    return [
      {
        name: implied(module, word, name),
        value: age ? { ...age.at, value: `max-age=${age.at.value}` } : implied(module, word, value),
      },
    ];
  });
}

/** `app.register(helmet, …)`: Fastify takes the plugin as an argument. */
function registered(module: Module, call: Call): Bundle | undefined {
  const [plugin] = lastSegment(call.path) === "register" ? call.positional : [];
  if (plugin?.kind !== "name") return undefined;
  const path = canonical(module, plugin.path);
  return BUNDLES.find(({ made }) => made.test(path));
}

/** Security headers of one file, Django's settings and middleware included. */
export function securityHeaders(within: Context, module: Module): Header[] {
  const written = headersSet(module).flatMap(({ name, at, value }): Header[] => {
    if (/^access-control-/i.test(name)) return [];
    const text = stringOf(within, module, value);
    return [{ name: located(module, at, name), value: text?.at ?? located(module, value, "") }];
  });
  return [...written, ...module.tree.calls.flatMap((call) => bundled(within, module, call)), ...django(within, module)];
}

/** https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security */
function django(within: Context, module: Module): Header[] {
  if (module.tree.language !== "python") return [];
  return module.bindings.flatMap(({ path, key, value }): Header[] => {
    if (!value) return [];
    const header = (name: string, text: string): Header => ({
      name: implied(module, key, name),
      value: implied(module, value, text),
    });
    switch (path) {
      case "SECURE_HSTS_SECONDS": {
        const seconds = numberOf(within, module, value)?.at;
        return seconds
          ? [{ ...header("Strict-Transport-Security", ""), value: { ...seconds, value: `max-age=${seconds.value}` } }]
          : [];
      }
      case "X_FRAME_OPTIONS":
        return [header("X-Frame-Options", stringOf(within, module, value)?.at.value ?? "")];
      case "SECURE_CONTENT_TYPE_NOSNIFF":
        return booleanOf(within, module, value)?.at.value ? [header("X-Content-Type-Options", "nosniff")] : [];
      case "MIDDLEWARE": {
        const names = value.kind === "list" ? value.items : [];
        return names.flatMap((item) => {
          if (item.kind !== "string") return [];
          if (item.text.endsWith(".XFrameOptionsMiddleware")) return [header("X-Frame-Options", "DENY")];
          return item.text.endsWith(".SecurityMiddleware") ? [header("X-Content-Type-Options", "nosniff")] : [];
        });
      }
      default:
        return [];
    }
  });
}
