import { composeService, defineRule, fill, type Port } from "../../src/rule.ts";

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
    yieldsTo: ["network/database-port-exposed", "network/admin-port-exposed"],
  },

  check(model, report) {
    for (const port of model.ports) {
      if (port.reach !== "world" || port.protocol !== "tcp" || !PUBLISHES.has(port.via)) continue;
      if (port.productKind !== undefined && port.productKind !== "application") continue;
      if (WEB.has(port.published ?? -1) && (port.via === "LoadBalancer" || isTlsPort(port))) continue;

      const own = `${port.published ?? ""}:${port.target ?? ""}`;
      report({
        at: port.span,
        subject: port.subject,
        message:
          `${port.owner} publishes application port ${port.target ?? port.published ?? ""} on every interface`.replace(
            "  ",
            " ",
          ),
        snippet:
          port.format === "compose"
            ? composeService(port.owner, `ports:\n  - "127.0.0.1:${own}"`)
            : `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${port.owner}\nspec:\n  type: ClusterIP`,
        fix: loopback(port),
      });
    }
  },
});

const PUBLISHES: ReadonlySet<Port["via"]> = new Set(["ports", "hostPort", "NodePort", "LoadBalancer"]);
const WEB: ReadonlySet<number> = new Set([80, 443]);
const isTlsPort = ({ published, target }: Port): boolean => published === 443 && (target === 443 || target === 8443);

/** Short syntax without an address: put the loopback address before it. */
function loopback(port: Port) {
  const written = port.span.file.text.slice(port.span.start, port.span.end);
  if (port.via !== "ports" || !/^\d+(-\d+)?:\d+(-\d+)?(\/\w+)?$/.test(written)) return undefined;
  const blank = { span: { ...port.span, end: port.span.start }, before: "127.0.0.1:", after: "" };
  return { title: "listen on the loopback address", safety: "unsafe" as const, edits: [fill(blank, "")] };
}
