import { defineRule, keptForTheHost, portNumber, unpublished } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/port-on-all-interfaces",
    title: "Published port has no host address and so listens on every interface",
    severity: "low",
    presets: ["strict"],
    guides: [],
    why: `
Docker publishes past the host's firewall: a port without an address is open on each network that the host is on, the
public one too. This rule is about ports that those for applications, databases and consoles do not judge; a proxy on 80
and 443 is meant to be open.`,
    remedy: `
Name the address that the port is for: the loopback address, or that of a private network.

\`\`\`yaml
services:
  api:
    ports:
      - "127.0.0.1:8000:8000"
\`\`\``,
    fix: "unsafe",
    sameAs: {
      kics: ["dockerCompose/container_traffic_not_bound_to_host_interface"],
      dclint: ["no-unbound-port-interfaces"],
    },
    references: [
      "https://cwe.mitre.org/data/definitions/668.html",
      "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
    ],
    yieldsTo: [
      "network/database-port-exposed",
      "network/admin-port-exposed",
      "network/app-port-exposed",
      "network/ssh-port-exposed",
    ],
  },

  check(model, report) {
    for (const port of model.ports) {
      const { format, reach, via, host, owner, published, productKind, subject } = port;
      if (format !== "compose" || via !== "ports" || reach !== "world" || (host && !EVERY.test(host))) continue;
      if (productKind === "proxy" && published !== undefined && WEB.has(published)) continue;
      report({
        at: port.span,
        subject,
        message: `${owner} publishes port ${portNumber(port)} on every interface`,
        snippet: unpublished(port),
        fix: keptForTheHost(port),
      });
    }
  },
});

const EVERY = /^(0\.0\.0\.0|[0:]+)$/;
const WEB: ReadonlySet<number> = new Set([80, 443]);
