import { defineRule, EDGE_NAMES, type Edge } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "tls/no-https-redirect",
    title: "Plain HTTP listener serves content where it should redirect to HTTPS",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qca/https-tls"],
    why: `
Visitors who type the name without a scheme stay on plain HTTP, and everything they send can be read. It is reported for
listeners of a project that ends TLS somewhere; one that does not is \`tls/public-http\`.`,
    remedy: `
\`\`\`nginx
server {
    listen 80;
    server_name app.example.com;
    return 301 https://$host$request_uri;
}
\`\`\`

Traefik redirects a whole entry point, in its static configuration or as a flag of its container.

\`\`\`yaml
command:
  - "--entrypoints.web.http.redirections.entrypoint.to=websecure"
  - "--entrypoints.web.http.redirections.entrypoint.scheme=https"
\`\`\`

Caddy and ingress-nginx redirect unless told otherwise: leave \`http://\` out of the site's address, and the annotation
\`ssl-redirect\` at \`true\`.`,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/319.html"],
  },

  check(model, report) {
    const secured = new Set(model.edges.filter(({ tls }) => tls).map(({ kind }) => kind));
    for (const edge of model.edges) {
      if (!secured.has(edge.kind) || !edge.serves || edge.redirectsToHttps || edge.span.file.stage !== "production")
        continue;
      const plain = edge.listens.find(({ tls, port }) => !tls && port === 80);
      if (!plain) continue;

      report({
        at: plain.span,
        subject: edge.subject,
        message: `${edge.hosts[0]?.value ?? EDGE_NAMES[edge.kind]} answers on port 80 without redirecting to https`,
        snippet: snippet(edge),
      });
    }
  },
});

function snippet({ kind, hosts, upstreams }: Edge): string {
  const host = hosts[0]?.value;
  switch (kind) {
    case "nginx":
      return `server {\n    listen 80;\n    server_name ${host ?? "_"};\n    return 301 https://$host$request_uri;\n}`;
    case "caddy":
      return `${host ?? "app.example.com"} {\n    ${upstreams[0] ? `reverse_proxy ${upstreams[0].value}` : "…"}\n}`;
    case "traefik":
      return ["to=websecure", "scheme=https"]
        .map((option) => `- "--entrypoints.web.http.redirections.entrypoint.${option}"`)
        .join("\n");
    case "ingress":
      return 'nginx.ingress.kubernetes.io/ssl-redirect: "true"';
    case "gateway":
      return "filters:\n  - type: RequestRedirect\n    requestRedirect:\n      scheme: https\n      statusCode: 301";
  }
}
