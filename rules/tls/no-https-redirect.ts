import { defineRule } from "../../src/rule.ts";

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
\`\`\``,
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
        message: `${edge.hosts[0]?.value ?? "the server"} answers on port 80 without redirecting to https`,
        snippet: SNIPPETS[edge.kind]?.replace("HOST", edge.hosts[0]?.value ?? "_"),
      });
    }
  },
});

const SNIPPETS: Readonly<Record<string, string>> = {
  nginx: "server {\n    listen 80;\n    server_name HOST;\n    return 301 https://$host$request_uri;\n}",
  caddy: "HOST {\n}",
  traefik: "--entrypoints.web.http.redirections.entrypoint.to=websecure",
  ingress: 'nginx.ingress.kubernetes.io/force-ssl-redirect: "true"',
};
