/** Policies, switches and URLs that variables decide, wherever they stand: env files, Compose, Dockerfile, Kubernetes. */
import type {
  Container,
  CorsPolicy,
  Located,
  RateLimit,
  ServiceUrl,
  Settings,
  Span,
  TokenPolicy,
  Variable,
} from "../model.ts";
import { snakeCase } from "./durations.ts";
import { corsOf, type Entry, isCors, isRateLimit, rateLimitsOf, tokenOf } from "./environment-policies.ts";
import { SETTINGS, type SettingRow } from "./environment-settings.ts";
import { switchOf, textOf } from "./environment-values.ts";
import type { Facts } from "./facts.ts";
import { firstAtEachPlace } from "./places.ts";
import { serviceUrl } from "./urls.ts";

/**
 * Reads the variables of every runtime environment; those of CI and of builds decide nothing here. A text that several
 * environments share (a line of a `.env` that Compose refers to) is read once, for the first of `variables`. Names of
 * `containers` are hosts of this project.
 */
export function environment(variables: readonly Variable[], containers: readonly Container[] = []): Facts {
  const hosts = new Set(
    containers.flatMap(({ name, workload }) => [name.value, workload.slice(workload.indexOf(" ") + 1)]),
  );
  const entries = variables.flatMap((variable): Entry[] => {
    if (variable.origin === "ci" || variable.phase === "build") return [];
    const at = textOf(variable);
    return at ? [{ variable, name: snakeCase(variable.name.value), at }] : [];
  });
  const corsBySubject = bySubject(entries.filter(({ name }) => isCors(name)));
  const modes = new Map(
    entries.flatMap(({ variable, name, at }) => (name === "pgsslmode" ? [[environmentOf(variable), at] as const] : [])),
  );
  const limitsBySubject = bySubject(entries.filter(({ name }) => isRateLimit(name)));
  return {
    cors: firstAtEachPlace(
      corsBySubject.flatMap(([subject, own]) => corsOf(subject, own)),
      placeOfCors,
    ),
    tokens: firstAtEachPlace(
      entries.flatMap((entry) => listed(tokenOf(entry))),
      placeOfToken,
    ),
    rateLimits: firstAtEachPlace(
      limitsBySubject.flatMap(([subject, own]) => rateLimitsOf(subject, own)),
      placeOfLimit,
    ),
    settings: settings(entries),
    urls: firstAtEachPlace(
      entries.flatMap((entry) => listed(urlOf(entry, hosts, modes))),
      ({ at }) => at.span,
    ),
  };
}

/** Whose environment it is: services of two projects may have one subject, their files lie in different folders. */
const environmentOf = ({ subject, name }: Variable): string => {
  const { path } = name.span.file;
  return `${path.slice(0, path.lastIndexOf("/") + 1)}\0${subject}`;
};

function bySubject(entries: readonly Entry[]): readonly (readonly [subject: string, entries: readonly Entry[]])[] {
  const groups = new Map<string, [string, Entry[]]>();
  for (const entry of entries) {
    const key = environmentOf(entry.variable);
    const group = groups.get(key);
    if (group) group[1].push(entry);
    else groups.set(key, [entry.variable.subject, [entry]]);
  }
  return [...groups.values()];
}

const listed = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

/** `PGSSLMODE` beside a URL holds where the URL says nothing about TLS (PostgreSQL, "libpq: Environment Variables"). */
function urlOf(
  { variable, name, at }: Entry,
  hosts: ReadonlySet<string>,
  modes: ReadonlyMap<string, Located<string>>,
): ServiceUrl | undefined {
  if (!/[:=]/.test(at.value) || isCors(name)) return undefined;
  const url = serviceUrl({ at, key: variable.name.value, subject: variable.subject, hosts });
  if (url?.scheme !== "postgresql" || url.parameters.some((parameter) => parameter.name.startsWith("ssl"))) return url;
  const mode = modes.get(environmentOf(variable));
  return mode ? { ...url, parameters: [...url.parameters, { ...mode, name: "sslmode" }] } : url;
}

function settings(entries: readonly Entry[]): Partial<Settings> {
  const found: Record<string, { at: Located<unknown> }[]> = {};
  const add = (
    topic: keyof Settings,
    setting: { at: Located<unknown>; subject: string; key: string; cost?: number },
  ) => {
    found[topic] ??= [];
    found[topic].push(setting);
  };
  const open = openGrafanas(entries);
  const known = new Map<string, readonly SettingRow[]>();
  const rowsOf = (name: string): readonly SettingRow[] => {
    const rows =
      known.get(name) ??
      SETTINGS.filter(({ parts, names }) => parts.some((part) => name.includes(part)) && names.test(name));
    known.set(name, rows);
    return rows;
  };
  for (const { variable, name, at } of entries) {
    const setting = { subject: variable.subject, key: variable.name.value };
    for (const { topic, read, cost } of rowsOf(name)) {
      const value = read(at.value, variable.name.value);
      if (value === undefined) continue;
      const factor = cost?.(at.value);
      add(topic, { ...setting, at: { value, span: at.span }, ...(factor !== undefined && { cost: factor }) });
      break;
    }
    if (name === "gf_auth_anonymous_enabled" && switchOf(at.value) && open.has(variable.subject)) {
      add("authentication", { ...setting, at: { value: false, span: at.span } });
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([topic, list]) => [topic, firstAtEachPlace(list, ({ at }) => at.span)]),
  );
}

/** Subjects whose Grafana lets visitors edit; unless it is told otherwise they are viewers. */
const openGrafanas = (entries: readonly Entry[]): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ variable, name, at }) =>
      name === "gf_auth_anonymous_org_role" && /^(?:admin|editor)$/i.test(at.value.trim()) ? [variable.subject] : [],
    ),
  );

const placeOfCors = ({ origins, pattern, reflected, methods, headers }: CorsPolicy): Span | undefined =>
  (origins[0] ?? pattern ?? reflected ?? methods[0] ?? headers[0])?.span;
const placeOfToken = ({ lifetime, secret, algorithms }: TokenPolicy): Span | undefined =>
  (lifetime ?? secret ?? algorithms[0])?.span;
const placeOfLimit = ({ requests, enabled, storage }: RateLimit): Span | undefined =>
  (requests ?? enabled ?? storage)?.span;
