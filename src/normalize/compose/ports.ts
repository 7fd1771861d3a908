/** Published and exposed ports, short and long syntax (Compose Specification, 05-services: `ports`, `expose`). */
import type { Blank, Located, Port, Problem, Reach } from "../../model.ts";
import { beyond, digits } from "../port-numbers.ts";
import { blank } from "./blanks.ts";
import {
  get,
  indexOutside,
  lastOf,
  list,
  type Mapping,
  type Node,
  type Scalar,
  text,
  unresolved,
  written,
} from "./node.ts";
import { unpublishing } from "./unpublish.ts";

/** What one item of `ports` says. A part that holds an unknown variable is "?". */
export interface PortFields {
  /** "" is every interface. */
  readonly host: string;
  /** "" is a random port. */
  readonly published: string;
  readonly target: string;
  readonly protocol: string;
}

const UNKNOWN = "?";

/** Reads an item of `ports`; absent if it is neither a text nor a map with a target. */
export function portFields(item: Node): PortFields | undefined {
  if (item.kind === "mapping") {
    const target = field(get(item, "target"));
    return target
      ? {
          host: field(get(item, "host_ip")),
          published: field(get(item, "published")),
          target,
          protocol: field(get(item, "protocol")).toLowerCase() || "tcp",
        }
      : undefined;
  }
  if (item.kind !== "scalar" || item.empty) return undefined;
  const fields = shortFields(item);
  const [target = "", protocol = "tcp"] = (fields.pop() ?? "").split("/", 2);
  const published = fields.pop() ?? "";
  // Two fields of which the first is unknown: it may bring an address of its own.
  const host = fields.length ? fields.join(":").replace(/^\[|\]$/g, "") : published === UNKNOWN ? UNKNOWN : "";
  return { host, published, target, protocol: protocol.toLowerCase() };
}

const field = (node: Node | undefined): string => (unresolved(node) ? UNKNOWN : (text(node) ?? "").trim());

/** Fields between colons, those in `[…]` and `${…}` aside. */
function shortFields(item: Scalar): string[] {
  const resolved = text(item);
  const source = resolved ?? item.raw;
  const fields: string[] = [];
  let from = 0;
  while (from <= source.length) {
    const bracket = source[from] === "[" ? source.indexOf("]", from) : -1;
    const end = indexOutside(source, ":", Math.max(from, bracket));
    const written = source.slice(from, end < 0 ? source.length : end);
    fields.push(resolved === undefined && written.includes("$") ? partly(written) : written.trim());
    if (end < 0) break;
    from = end + 1;
  }
  return fields;
}

/** `${PORT}/udp`: the number is unknown, the protocol is not. */
function partly(field: string): string {
  const slash = indexOutside(field, "/");
  return slash < 0 || field.includes("$", slash) ? UNKNOWN : UNKNOWN + field.slice(slash);
}

/** What makes a published port the same as another when files are merged. */
export const portKey = (fields: PortFields | undefined): string | undefined =>
  fields && !Object.values(fields).includes(UNKNOWN)
    ? `${fields.host || "0.0.0.0"}:${fields.published}:${fields.target}/${fields.protocol}`
    : undefined;

const RANGE = /^(\d{1,5})(?:-(\d{1,5}))?$/;

function range(word: string): readonly [number | undefined, number | undefined] {
  const [, first, last] = RANGE.exec(word) ?? [];
  return [first === undefined ? undefined : Number(first), last === undefined ? undefined : Number(last)];
}

/** What Docker takes for an address: names are none. */
const IP_ADDRESS = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?=\d)|$)){4}$|^[\da-f.]*:[\da-f:.]*$/i;

/** An address, numbers up to 65535, ranges of one length on both sides unless one port stands for all of them. */
function readable({ host, published, target, protocol }: PortFields): boolean {
  if (host !== "" && !host.includes(UNKNOWN) && !IP_ADDRESS.test(host)) return false;
  if (protocol !== UNKNOWN && !["tcp", "udp", "sctp"].includes(protocol)) return false;
  const sizes = [target, published].map((word) => (word === "" || word === UNKNOWN ? undefined : size(word)));
  const [inside, outside] = sizes;
  if (target === "" || sizes.some((count) => count !== undefined && !(count > 0))) return false;
  return inside === undefined || outside === undefined || inside === 1 || inside === outside;
}

/** How many ports a word names; 0 or less if it names none. */
function size(word: string): number {
  const [first, last] = range(word);
  if (first === undefined || Math.max(first, last ?? 0) > 65535) return 0;
  return (last ?? first) - first + 1;
}

export type Owner = Pick<Port, "subject" | "owner" | "product">;

const numbers = (
  fields: PortFields,
): Pick<Port, "target" | "targetEnd" | "published" | "publishedEnd" | "protocol"> => {
  const [target, targetEnd] = range(fields.target);
  const [published, publishedEnd] = range(fields.published);
  return {
    ...(target !== undefined && { target }),
    ...(targetEnd !== undefined && { targetEnd }),
    ...(published !== undefined && { published }),
    ...(publishedEnd !== undefined && { publishedEnd }),
    protocol: fields.protocol === "udp" || fields.protocol === "sctp" ? fields.protocol : "tcp",
  };
};

/** Ports that a service publishes on the host. Items that are no port become problems. */
export function publishedPorts(service: Mapping, owner: Owner, problems: Problem[]): readonly Port[] {
  const inside = unpublishing(service);
  return lastOf(list(get(service, "ports")), (item) => portKey(portFields(item)) ?? item).flatMap((item): Port[] => {
    const fields = portFields(item);
    const outOfRange = fields && tooLarge(item, fields);
    if (outOfRange) {
      const { protocol } = numbers(fields);
      return [{ span: item.span, ...owner, format: "compose", via: "ports", protocol, outOfRange, reach: "unknown" }];
    }
    if (item.kind === "sequence") return [];
    if (!fields || !readable(fields)) {
      problems.push({
        kind: "unreadable",
        span: item.span,
        message: `port of ${owner.subject} is not of the form [address:][published:]target[/protocol]`,
      });
      return [];
    }
    const host = fields.host && fields.host !== UNKNOWN ? { host: fields.host } : {};
    const port = { span: item.span, ...owner, format: "compose", via: "ports", ...numbers(fields), ...host } as const;
    const reach = reachOf(fields.host);
    const bind = reach === "world" ? bindOf(item, fields) : undefined;
    const closed = reach === "world" ? inside(item, { ...port, reach }) : undefined;
    return [{ ...port, ...(bind && { bind }), ...(closed && { closed }), reach }];
  });
}

/** The first number of a port that no port has. */
function tooLarge(item: Node, { target, published }: PortFields): Located<number> | undefined {
  for (const [name, word] of [
    ["published", published],
    ["target", target],
  ] as const) {
    const number = beyond(word);
    if (number === undefined) continue;
    const { span } = (item.kind === "mapping" && get(item, name)) || item;
    return { value: number, span: digits(span, number) };
  }
  return undefined;
}

/** The address of a short port, with its colon. */
const ADDRESS = /^(?:\d+(?:\.\d+){3}|\[[\da-f:]*\]):/i;

/** Where an address goes: before a short port or in the place of its own, into a long one or in the place of its `host_ip`. */
function bindOf(item: Node, { host }: PortFields): Blank | undefined {
  if (item.kind === "mapping") {
    const address = get(item, "host_ip");
    if (!address) return blank(item, "host_ip: ");
    const literal = item.yaml && address.kind === "scalar" && !address.shared && address.value.from === "literal";
    return literal && !address.empty ? { span: address.span, before: "", after: "" } : undefined;
  }
  if (item.shared) return undefined;
  const { file, start, end } = item.span;
  const written = file.text.slice(start, end);
  const [address = ""] = ADDRESS.exec(written) ?? [];
  if ((host && !address) || written.includes("\n")) return undefined;
  const alone = !address && indexOutside(written, ":") < 0;
  return { span: { file, start, end: start + address.length }, before: "", after: alone ? "::" : ":" };
}

/** Ports that other services reach and the host does not. */
export const exposedPorts = (node: Node | undefined, owner: Owner): readonly Port[] =>
  list(node).flatMap((item): Port[] => {
    if (item.kind !== "scalar") return [];
    const [target = "", protocol = "tcp"] = written(item).split("/", 2);
    const fields = { host: "", published: "", target, protocol: protocol.toLowerCase() };
    const outOfRange = tooLarge(item, fields);
    if (outOfRange) {
      const { protocol } = numbers(fields);
      return [{ span: item.span, ...owner, format: "compose", via: "expose", protocol, outOfRange, reach: "unknown" }];
    }
    if (!RANGE.test(target)) return [];
    return [
      { span: item.span, ...owner, format: "compose", via: "expose", ...numbers(fields), reach: "internal" } as const,
    ];
  });

/**
 * `network_mode: host` publishes whatever the process listens on. The file does not say what that is: the ports that
 * are known are those of the product and those it exposes or asks to publish, at the place of `network_mode`.
 */
export function hostNetworkPorts(
  mode: Node,
  owner: Owner,
  listens: readonly number[],
  declared: readonly Port[],
): readonly Port[] {
  const targets = new Set([...declared.flatMap(({ target }) => target ?? []), ...listens]);
  return [...targets].map((target) => ({
    span: mode.span,
    ...owner,
    format: "compose",
    via: "hostNetwork",
    target,
    published: target,
    protocol: "tcp",
    reach: "world",
  }));
}

const PRIVATE =
  /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/i;

/** Who can reach a port bound to this address of the host; "" binds every interface, a name is unknown. */
export function reachOf(host: string): Reach {
  const address = host.toLowerCase();
  if (address === "" || address === "0.0.0.0" || /^[0:]+$/.test(address)) return "world";
  if (address === "localhost" || /^127\./.test(address) || /^[0:]*:0*1$/.test(address)) return "loopback";
  if (PRIVATE.test(address)) return "internal";
  return /^\d+(\.\d+){3}$/.test(address) || /^[\da-f:.]*:[\da-f:.]*$/.test(address) ? "world" : "unknown";
}
