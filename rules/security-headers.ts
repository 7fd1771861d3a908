/** The security headers of the QCA guide, and how each kind of edge is made to send them. */
import { type DroppedHeaders, type Edge, type Edit, fill, type Span } from "../src/rule.ts";

export interface HeaderRow {
  readonly title: string;
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  /** Only where TLS ends. */
  readonly tls?: true;
  /** Headers that do the same. */
  readonly instead: readonly string[];
  /** Options of Traefik's headers middleware, with their values. */
  readonly options: readonly (readonly [option: string, value: string])[];
}

/** QCA guide, "Security Headers to Add"; X-XSS-Protection is obsolete and may do harm (OWASP, "HTTP Headers"). */
export const HEADERS: readonly HeaderRow[] = [
  {
    title: "X-Content-Type-Options",
    name: "x-content-type-options",
    value: "nosniff",
    instead: [],
    options: [["contentTypeNosniff", "true"]],
  },
  {
    title: "X-Frame-Options",
    name: "x-frame-options",
    value: "DENY",
    instead: ["content-security-policy"],
    options: [["frameDeny", "true"]],
  },
  {
    title: "Strict-Transport-Security",
    name: "strict-transport-security",
    value: "max-age=31536000; includeSubDomains",
    tls: true,
    instead: [],
    options: [
      ["stsSeconds", "31536000"],
      ["stsIncludeSubdomains", "true"],
    ],
  },
];

/** Names in lower case. */
export const namesOf = (headers: Edge["headers"]): ReadonlySet<string> =>
  new Set(headers.map(({ name }) => name.value.toLowerCase()));

export const isSent = ({ name, instead }: HeaderRow, sent: ReadonlySet<string>): boolean =>
  [name, ...instead].some((other) => sent.has(other));

/**
 * Edits that make an edge send `rows`; absent where its syntax has no right place for them. `dropping` are places that
 * send none of what is written there, unless it is written in each of them too.
 */
export function sending(
  edge: Edge,
  rows: readonly HeaderRow[],
  dropping: readonly DroppedHeaders[] = [],
): readonly Edit[] | undefined {
  switch (edge.kind) {
    case "nginx":
      return throughNginx(edge, rows, dropping);
    case "caddy":
      return edge.blank && isOpen(edge.blank.span) ? [lines(edge.blank, rows.map(caddyLine))] : undefined;
    case "traefik":
      return throughTraefik(edge, rows);
    case "ingress":
      return throughSnippet(edge, rows);
    case "gateway":
      return undefined;
  }
}

const lines = (blank: NonNullable<Edge["blank"]>, each: readonly string[]): Edit =>
  fill(blank, each.join(blank.after + blank.before));

const nginxLine = ({ title, value }: HeaderRow): string => `add_header ${title} "${value}" always;`;

/** A block of Caddy's begins with its line's end; one that goes on behind the brace is none that more can be written to. */
const isOpen = ({ file, start }: Span): boolean =>
  !/\s\{[ \t]+\S[^\n]*$/.test(file.text.slice(Math.max(0, start - LONGEST_LINE), start));

const caddyLine = ({ title, value }: HeaderRow): string => `header ${title} ${/\s/.test(value) ? `"${value}"` : value}`;

/** A location with an `add_header` of its own inherits none (ngx_http_headers_module), so each gets them too. */
function throughNginx(
  { blank }: Edge,
  rows: readonly HeaderRow[],
  dropping: readonly DroppedHeaders[],
): readonly Edit[] | undefined {
  const inside = dropping.flatMap((place) => {
    const sent = namesOf(place.own);
    const lacking = rows.filter((row) => !isSent(row, sent));
    return lacking.length ? [lines(place.blank, lacking.map(nginxLine))] : [];
  });
  return blank && [lines(blank, rows.map(nginxLine)), ...inside];
}

/** Where edges drop headers, by the place of those headers: servers of one `http` block may inherit the same. */
export function droppingByPlace(edges: readonly Edge[]): Map<string, readonly DroppedHeaders[]> {
  const found = new Map<string, DroppedHeaders[]>();
  for (const { blank, dropsHeaders = [] } of edges) {
    if (!blank) continue;
    const known = found.get(placeKey(blank));
    if (known) known.push(...dropsHeaders);
    else found.set(placeKey(blank), [...dropsHeaders]);
  }
  return found;
}

export const placeKey = ({ span: { file, start } }: NonNullable<Edge["blank"]>): string => `${file.path}:${start}`;

function throughTraefik({ middleware }: Edge, rows: readonly HeaderRow[]): readonly Edit[] | undefined {
  if (!middleware) return undefined;
  const { name, use, define, sign } = middleware;
  const options = rows.flatMap((row) => row.options);
  if (sign !== undefined) {
    return [
      fill(use, name),
      lines(
        define,
        options.map(([option, value]) => `${name}.headers.${option}${sign}${value}`),
      ),
    ];
  }
  const indent = /[^\n]*$/.exec(define.before)![0];
  const step = indent.slice(indent.length / 2);
  const body = [`${step}headers:`, ...options.map(([option, value]) => `${step}${step}${option}: ${value}`)];
  return [fill(use, name), fill(define, [`${name}:`, ...body].join(`\n${indent}`))];
}

/** Behind the last header that a snippet of the Ingress sets already: only there are snippets known to be allowed. */
function throughSnippet({ headers }: Edge, rows: readonly HeaderRow[]): readonly Edit[] | undefined {
  const last = headers.findLast(({ name }) => !name.implied && directiveAt(name.span));
  if (!last) return undefined;
  const { file, start } = last.name.span;
  const { indent, word } = directiveAt(last.name.span)!;
  const newline = file.text.indexOf("\n", start);
  const end = newline < 0 ? file.text.length : newline - (file.text[newline - 1] === "\r" ? 1 : 0);
  const each = rows.map((row) =>
    word === "add_header" ? nginxLine(row) : `more_set_headers "${row.title}: ${row.value}";`,
  );
  return [{ span: { file, start: end, end }, text: each.map((line) => `\n${indent}${line}`).join("") }];
}

/** Of a longer line no more is looked at, in UTF-16 code units. */
const LONGEST_LINE = 500;

/** The directive that a name of a header belongs to, where it has a line for itself. */
function directiveAt({ file, start }: Span): { readonly indent: string; readonly word: string } | undefined {
  const before = file.text.slice(Math.max(0, start - LONGEST_LINE), start);
  const [, indent, word] = /\n([ \t]+)(add_header|more_set_headers)[ \t][^;\n]*$/.exec(before) ?? [];
  const ends = /^[^;\n]*;[ \t]*\r?(?:\n|$)/.test(file.text.slice(start, start + LONGEST_LINE));
  return indent !== undefined && word !== undefined && ends ? { indent, word } : undefined;
}

/** What to write, in the language of the edge. */
export function snippetFor({ kind, subject, middleware }: Edge, rows: readonly HeaderRow[]): string {
  const each = (line: (row: HeaderRow) => string) => rows.map(line).join("\n");
  const options = rows.flatMap((row) => row.options);
  switch (kind) {
    case "nginx":
      return each(nginxLine);
    case "caddy":
      return each(caddyLine);
    case "traefik": {
      if (!subject.startsWith("service "))
        return `headers:\n${options.map(([option, value]) => `  ${option}: ${value}`).join("\n")}`;
      const name = middleware?.name ?? `${subject.slice("service ".length)}-headers`;
      const router = name.slice(0, -"-headers".length);
      return [
        `- "traefik.http.routers.${router}.middlewares=${name}"`,
        ...options.map(([option, value]) => `- "traefik.http.middlewares.${name}.headers.${option}=${value}"`),
      ].join("\n");
    }
    case "ingress":
      return `metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/custom-headers: default/security-headers\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: security-headers\ndata:\n${each(({ title, value }) => `  ${title}: "${value}"`)}`;
    case "gateway":
      return `filters:\n  - type: ResponseHeaderModifier\n    responseHeaderModifier:\n      set:\n${each(({ title, value }) => `        - name: ${title}\n          value: "${value}"`)}`;
  }
}
