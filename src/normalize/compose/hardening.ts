/** What a service may do on its host: user, privileges, capabilities, limits, logs (Compose Specification, 05-services). */
import type { Blank, Container, ImageReference, Located, Mount, Needs } from "../../model.ts";
import type { Product } from "../images.ts";
import { foldersWithout, gainsPrivileges, needsOf } from "../products-needs.ts";
import { blank, blankItem } from "./blanks.ts";
import {
  at,
  type Entry,
  entry,
  flag,
  get,
  list,
  type Mapping,
  type Node,
  number,
  own,
  text,
  texts,
  unresolved,
} from "./node.ts";

type Hardening = Pick<
  Container,
  | "user"
  | "privileged"
  | "privilegeEscalation"
  | "readOnlyRoot"
  | "capabilitiesAdded"
  | "capabilitiesDropped"
  | "defaultCapabilities"
  | "needs"
  | "seccomp"
  | "memoryLimit"
  | "logRotation"
  | "healthcheck"
  | "replicas"
>;

/** A service, its name, and what is known of its image. */
interface Subject {
  readonly name: Located<string>;
  readonly service: Mapping;
  readonly image?: ImageReference | undefined;
  readonly product?: Product | undefined;
  readonly mounts: readonly Mount[];
}

export function hardening(subject: Subject): Hardening {
  const { service } = subject;
  const facts = {
    user: user(subject),
    privileged: decided(subject, "privileged", false),
    privilegeEscalation: privilegeEscalation(subject),
    readOnlyRoot: decided(subject, "read_only", false, blank(service, "read_only: ")),
    defaultCapabilities: defaultCapabilities(subject),
    needs: needs(subject),
    seccomp: seccomp(subject),
    memoryLimit: memoryLimit(subject),
    logRotation: logRotation(subject),
    healthcheck: healthcheck(get(service, "healthcheck"), entry(service, "healthcheck")),
    replicas: replicas(subject),
  };
  return {
    ...(Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Partial<Hardening>),
    capabilitiesAdded: capabilities(get(service, "cap_add")),
    capabilitiesDropped: capabilities(get(service, "cap_drop")),
  };
}

/** What holds because the service says nothing. Absent where it extends a service that is out of sight. */
const implied = <T>({ name, service }: Subject, value: T, missing?: Located<T>["blank"]): Located<T> | undefined =>
  service.partial ? undefined : { value, span: name.span, implied: true, ...(missing && { blank: missing }) };

/** A boolean attribute. */
function decided(subject: Subject, attribute: string, otherwise: boolean, missing?: Located<boolean>["blank"]) {
  const node = get(subject.service, attribute);
  if (!node || (node.kind === "scalar" && node.empty)) return implied(subject, otherwise, missing);
  const value = flag(node);
  return value === undefined ? undefined : at(node, value);
}

/** The blank is for images that applications are built from: others are run as their publisher made them. */
function user(subject: Subject): Located<string> | undefined {
  const { service, product, mounts } = subject;
  const node = get(service, "user");
  const value = text(node);
  if (node && value) return at(node, value);
  if (unresolved(node) || product?.user !== "root") return undefined;
  const base = product.kind === "application" && !product.ports.length;
  const engine = mounts.some(({ target }) => target.endsWith("/docker.sock"));
  return implied(subject, "root", base && !engine ? blank(service, 'user: "', '"') : undefined);
}

/** `no-new-privileges`, `no-new-privileges:true` or `=true`; the last one counts. Nobody can ask it of some images. */
function privilegeEscalation(subject: Subject): Located<boolean> | undefined {
  const { service, image } = subject;
  const options = list(get(service, "security_opt"));
  for (const option of options.toReversed()) {
    const switched = /^no-new-privileges(?:[:=]\s*(\w+))?$/.exec(text(option)?.trim() ?? "");
    if (switched) return at(option, switched[1] === "false");
  }
  if (options.some(unresolved)) return undefined;
  if (gainsPrivileges(image)) return undefined;
  const missing = options.length
    ? blankItem(options.at(-1), "no-new-privileges:")
    : newAttribute(service, "security_opt", 'security_opt: ["no-new-privileges:', '"]');
  return implied(subject, true, missing);
}

/** Where an attribute that is not written at all would be. */
const newAttribute = (service: Mapping, name: string, before: string, after = ""): Blank | undefined =>
  entry(service, name) ? undefined : blank(service, before, after);

/** Absent where a list of capabilities to drop has items. */
function defaultCapabilities(subject: Subject): Located<true> | undefined {
  const { service, image } = subject;
  if (list(get(service, "cap_drop")).length || gainsPrivileges(image)) return undefined;
  return implied(subject, true, newAttribute(service, "cap_drop", "cap_drop: "));
}

function needs({ service, image, mounts }: Subject): Needs | undefined {
  const known = needsOf(image);
  if (!known) return undefined;
  const has = new Set(capabilities(get(service, "cap_add")).map(({ value }) => value));
  const folders = foldersWithout(known, mounts);
  return {
    capabilities: need(service, "cap_add", has.has("ALL") ? [] : known.capabilities.filter((name) => !has.has(name))),
    ...(folders && { folders: need(service, "tmpfs", folders) }),
  };
}

function need(service: Mapping, attribute: string, names: readonly string[]): Needs["capabilities"] {
  const missing = names.length ? newAttribute(service, attribute, `${attribute}: [${names.join(", ")}]`) : undefined;
  return { names, ...((missing || !names.length) && { blanks: missing ? [missing] : [] }) };
}

function seccomp(subject: Subject): Located<string> | undefined {
  const options = list(get(subject.service, "security_opt"));
  for (const option of options.toReversed()) {
    const [, profile] = /^seccomp[:=]\s*(.+)$/.exec(text(option)?.trim() ?? "") ?? [];
    if (profile) {
      const known = { unconfined: "Unconfined", builtin: "RuntimeDefault" }[profile.toLowerCase()];
      return at(option, known ?? "Localhost");
    }
  }
  return options.some(unresolved) ? undefined : implied(subject, "default");
}

/** Upper case, without the prefix that Docker also accepts. */
const capabilities = (node: Node | undefined): readonly Located<string>[] =>
  texts(node).map(({ value, span }) => ({ value: value.toUpperCase().replace(/^CAP_/, ""), span }));

/** `mem_limit` or `deploy.resources.limits.memory`; 0 is no limit. */
function memoryLimit(subject: Subject): Located<boolean> | undefined {
  const { service } = subject;
  const limits = get(service, "deploy", "resources", "limits");
  const set = [get(limits, "memory"), get(service, "mem_limit")].filter(
    (node): node is Node => node !== undefined && (unresolved(node) || Boolean(text(node))),
  );
  const limited = set.find((node) => !unresolved(node) && !/^0+[a-z]*$/i.test(text(node)!));
  if (limited) return at(limited, true);
  if (set.some(unresolved)) return undefined;
  if (set[0]) return at(set[0], false);
  return implied(
    subject,
    false,
    blank(own(service, "deploy", "resources", "limits"), "memory: ") ?? blank(service, "mem_limit: "),
  );
}

/** Drivers whose files grow without limit unless told otherwise (Docker Engine, logging drivers). */
const UNBOUNDED = new Set(["", "json-file"]);

function logRotation(subject: Subject): Located<boolean> | undefined {
  const { service } = subject;
  const logging = get(service, "logging");
  const driver = get(logging, "driver");
  const size = get(logging, "options", "max-size");
  if (unresolved(driver) || unresolved(size)) return undefined;
  const named = text(driver) ?? "";
  if (driver && !UNBOUNDED.has(named)) return at(driver, true);
  if (size && text(size)) return at(size, text(size) !== "-1");
  if (logging?.kind !== "mapping") {
    const missing = blank(
      service,
      'logging:\n  driver: json-file\n  options:\n    max-size: "',
      '"\n    max-file: "3"',
    );
    return implied(subject, false, missing);
  }
  const missing = get(logging, "options")
    ? blank(own(service, "logging", "options"), 'max-size: "', '"')
    : blank(own(service, "logging"), 'options:\n  max-size: "', '"\n  max-file: "3"');
  const place = driver ?? entry(service, "logging")?.key;
  return place && { value: false, span: place.span, implied: true, ...(missing && { blank: missing }) };
}

/** False where it is switched off; absent where the image decides. */
function healthcheck(node: Node | undefined, written: Entry | undefined): Located<boolean> | undefined {
  const disable = get(node, "disable");
  if (disable && flag(disable) === true) return at(disable, false);
  const test = get(node, "test");
  const command = list(test)[0];
  if (!test || !written || unresolved(test)) return undefined;
  return text(command)?.toUpperCase() === "NONE" ? at(command!, false) : { value: true, span: written.key.span };
}

function replicas(subject: Subject): Located<number> | undefined {
  const { service } = subject;
  const node = get(service, "deploy", "replicas") ?? get(service, "scale");
  const count = number(node);
  if (node) return count === undefined ? undefined : at(node, Math.max(1, count));
  return get(service, "deploy", "mode") ? undefined : implied(subject, 1);
}
