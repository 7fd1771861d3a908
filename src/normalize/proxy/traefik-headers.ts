/** Response headers of Traefik's `headers` middleware (Traefik 3 reference, "Headers"). */
import type { Header, Located } from "../../model.ts";
import { MAX_HEADERS } from "./edge.ts";
import { flag, type Option, option, value } from "./traefik-tree.ts";

/** Options whose text is the header's value, by option in lower case. */
const TEXTS: Readonly<Record<string, string>> = {
  customframeoptionsvalue: "X-Frame-Options",
  contentsecuritypolicy: "Content-Security-Policy",
  referrerpolicy: "Referrer-Policy",
  permissionspolicy: "Permissions-Policy",
  custombrowserxssvalue: "X-XSS-Protection",
};

/** Switches and what they send. */
const SWITCHES: Readonly<Record<string, readonly [string, string]>> = {
  framedeny: ["X-Frame-Options", "DENY"],
  contenttypenosniff: ["X-Content-Type-Options", "nosniff"],
  browserxssfilter: ["X-XSS-Protection", "1; mode=block"],
};

/** What the middleware adds to responses; places are those of the options. */
export function responseHeaders(headers: Option | undefined): Header[] {
  if (!headers) return [];
  const found: Header[] = [];
  const add = (name: string, text: string, from: Option) => {
    const at = from.value ?? from.key;
    found.push({ name: { value: name, span: from.key.span }, value: { value: text, span: at.span } });
  };
  for (const [key, each] of headers.children) {
    const written = each.value;
    if (written && TEXTS[key]) add(TEXTS[key], written.value, each);
    else if (SWITCHES[key] && flag(each)?.value) add(...SWITCHES[key], each);
    else if (key === "stsseconds" && written && written.value !== "0")
      add("Strict-Transport-Security", hsts(headers, written), each);
    else if (key === "customresponseheaders") {
      for (const custom of [...each.children.values()].slice(0, MAX_HEADERS)) {
        if (custom.value?.value) found.push({ name: custom.key, value: custom.value });
      }
    }
  }
  return found;
}

const hsts = (headers: Option, age: Located<string>): string =>
  [
    `max-age=${age.value}`,
    ...(flag(option(headers, "stsincludesubdomains"))?.value ? ["includeSubDomains"] : []),
    ...(value(headers, "stspreload")?.value === "true" ? ["preload"] : []),
  ].join("; ");
