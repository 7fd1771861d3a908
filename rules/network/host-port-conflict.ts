import { type Container, defineRule, folderOf, type Port } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/host-port-conflict",
    title: "Same host port is published twice",
    severity: "high",
    presets: ["recommended"],
    guides: [],
    why: `
Only one process can listen on an address: the second container does not start, and which one is the second depends on
the order of the start. The one that is missing may be the proxy that ends TLS.`,
    remedy: `
Publish one of them on another port, or on another address of the host.

\`\`\`yaml
services:
  api:
    ports:
      - "127.0.0.1:8000:8000"
  admin:
    ports:
      - "127.0.0.1:8001:8000"
\`\`\``,
    fix: "none",
    sameAs: { dclint: ["no-duplicate-exported-ports"] },
    references: ["https://docs.docker.com/reference/compose-file/services/#ports"],
    yieldsTo: ["network/override-keeps-published-port"],
  },

  check(model, report) {
    const conflict = (port: Port, other: Port) =>
      report({
        at: port.span,
        subject: port.subject,
        message: `${port.owner} publishes host port ${port.published}, which ${other.owner} publishes too`,
        related: [{ at: other.span, message: `${other.owner} takes it here` }],
      });

    for (const claims of hosts(model.containers)) {
      let open: Claim[] = [];
      for (const claim of claims.toSorted((a, b) => a.from - b.from)) {
        open = open.filter(({ to }) => to >= claim.from);
        const other = open.find(
          ({ container, port }) => together(container, claim.container) && overlap(port, claim.port),
        );
        if (other) conflict(claim.port, other.port);
        if (open.length < MOST_RIVALS) open.push(claim);
      }
    }

    const nodePorts = new Map<string, Port>();
    for (const port of model.ports) {
      if (port.via !== "NodePort" || port.published === undefined) continue;
      const { file } = port.span;
      const key = `${folderOf(file.path)}\0${port.published}/${port.protocol}`;
      const other = nodePorts.get(key);
      if (other && other.subject !== port.subject) conflict(port, other);
      else nodePorts.set(key, port);
    }
  },
});

/** Claims to one number that a later one is compared with. */
const MOST_RIVALS = 100;

interface Claim {
  readonly container: Container;
  readonly port: Port;
  /** First and last number. */
  readonly from: number;
  readonly to: number;
}

/** Claims to ports of one host, by project or pod, and protocol. Of a range for one port any number will do. */
function hosts(containers: readonly Container[]): Iterable<readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const container of containers) {
    const host = container.format === "compose" ? container.project : container.workload;
    for (const port of container.ports) {
      const { via, published: from, publishedEnd: to = from, targetEnd, reach, protocol } = port;
      if ((via !== "ports" && via !== "hostPort") || from === undefined || reach === "unknown") continue;
      if (to === undefined || (to !== from && targetEnd === undefined)) continue;
      const key = `${container.format}\0${host}\0${protocol}`;
      const known = claims.get(key);
      if (known) known.push({ container, port, from, to });
      else claims.set(key, [{ container, port, from, to }]);
    }
  }
  return claims.values();
}

/** Both may run at once: an overlay's service takes the place of the plain one, profiles may keep them apart. */
const together = (a: Container, b: Container): boolean =>
  (a.overlay === b.overlay || (a.subject !== b.subject && (a.overlay === undefined || b.overlay === undefined))) &&
  (a.profiles.length === 0 || b.profiles.length === 0 || a.profiles.some((profile) => b.profiles.includes(profile)));

/** Two ports, one of which listens everywhere, or both at one address. */
const overlap = (a: Port, b: Port): boolean =>
  (a.span.start !== b.span.start || a.span.file !== b.span.file) &&
  (isEverywhere(a) || isEverywhere(b) || a.host === b.host) &&
  !(isIPv6(a) !== isIPv6(b) && a.host !== undefined && b.host !== undefined);

const isEverywhere = ({ host }: Port): boolean => host === undefined || host === "0.0.0.0" || /^[0:]+$/.test(host);
const isIPv6 = ({ host }: Port): boolean => host?.includes(":") ?? false;
