import { defineRule, type Port } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "network/privileged-port-bound",
    title: "Container listens on or publishes a port below 1024",
    severity: "low",
    presets: ["strict"],
    guides: [],
    why: `
To bind a port below 1024 a process needs root or \`NET_BIND_SERVICE\` on many hosts, so the container is given more
rights than it needs; on the host such a port may take the place of a system service.`,
    remedy: `
Let the process listen above 1024, and let the proxy or the Service map the well-known port to it.

\`\`\`yaml
containers:
  - name: web
    ports:
      - containerPort: 8080
\`\`\``,
    fix: "none",
    sameAs: {
      kics: ["dockerCompose/privileged_ports_mapped_in_container"],
      trivy: ["KSV-0117"],
      "kube-linter": ["privileged-ports"],
    },
    references: ["https://www.w3.org/Daemon/User/Installation/PrivilegedPorts.html"],
  },

  check(model, report) {
    for (const port of model.ports) {
      if (!BINDS.has(port.via)) continue;
      const { target, published, owner, subject, format } = port;
      const name = format === "dockerfile" ? subject : owner;
      const inside = target !== undefined && isPrivileged(target) && port.via !== "hostPort";
      if (!inside && !(published !== undefined && isPrivileged(published))) continue;
      report({
        at: port.span,
        subject,
        message: inside
          ? `${name} listens on port ${target}, which is below 1024`
          : `${name} publishes host port ${published}, which is below 1024`,
      });
    }
  },
});

const isPrivileged = (port: number): boolean => port > 0 && port < 1024;

/** A Service maps ports; it does not bind them in the container. */
const BINDS: ReadonlySet<Port["via"]> = new Set(["ports", "expose", "containerPort", "hostPort"]);
