import { defineRule, keptForTheHost, openAt, type Port, portNumber, unpublished } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/app-port-exposed",
    title: "Application port is reachable from outside without a proxy in front",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/firewall-internal-access", "qca/production-architecture"],
    why: `
The application server is meant to stand behind a load balancer or WAF that ends TLS, limits rates and sets headers.
Published on every interface it is reachable beside them, past the host's firewall. Proxies may publish 80 and 443.`,
    remedy: `
Bind the port to the loopback address, or publish only the proxy.

\`\`\`yaml
services:
  api:
    ports:
      - "127.0.0.1:8000:8000"
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/668.html",
      "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ],
    yieldsTo: ["network/database-port-exposed", "network/admin-port-exposed", "network/ssh-port-exposed"],
  },

  check(model, report) {
    for (const port of model.ports) {
      if (port.reach !== "world" || port.protocol !== "tcp" || !PUBLISHES.has(port.via) || mayFaceTheWorld(port))
        continue;

      report({
        at: port.span,
        subject: port.subject,
        message: `${port.owner} publishes application port ${portNumber(port)} ${openAt(port)}`,
        snippet: unpublished(port),
        fix: keptForTheHost(port),
      });
    }
  },
});

const PUBLISHES: ReadonlySet<Port["via"]> = new Set(["ports", "hostPort", "NodePort", "LoadBalancer"]);
const WEB: ReadonlySet<number> = new Set([80, 443]);

/** Files, shells, mail, names, directories: protocols of their own that no web proxy stands in front of. */
const NOT_WEB: ReadonlySet<number> = new Set([21, 22, 25, 53, 110, 143, 389, 465, 587, 636, 853, 993, 995]);

/** Proxies, load balancers, TLS of its own, and images that nobody here can see but that serve as a web server does. */
function mayFaceTheWorld({ productKind, product, via, published, target }: Port): boolean {
  if (productKind !== undefined && productKind !== "application") return true;
  if (NOT_WEB.has(target ?? published ?? -1)) return true;
  if (published === undefined || !WEB.has(published)) return false;
  return (
    via === "LoadBalancer" ||
    (published === 443 && (target === 443 || target === 8443)) ||
    (product === undefined && target === published)
  );
}
