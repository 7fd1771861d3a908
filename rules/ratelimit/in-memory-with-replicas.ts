import { defineRule } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "ratelimit/in-memory-with-replicas",
    title: "Limiter counts in memory while several workers or replicas serve",
    severity: "medium",
    presets: ["recommended"],
    guides: ["qwed/redis-backing"],
    why: `
Each process counts for itself: with four workers and three replicas a client gets twelve times the limit, and every
restart forgets who was blocked.`,
    remedy: `
Keep the counts in Redis.

\`\`\`python
limiter = Limiter(key_func=get_remote_address, storage_uri=os.environ["REDIS_URL"])
\`\`\``,
    fix: "none",
    sameAs: {},
    references: ["https://cwe.mitre.org/data/definitions/770.html"],
  },

  check(model, report) {
    const parallel = model.containers.find(
      ({ productKind, replicas, workers }) =>
        productKind === "application" && (replicas?.value ?? 1) * (workers?.value ?? 1) > 1,
    );
    if (!parallel) return;
    const place = (parallel.replicas?.value ?? 1) > 1 ? parallel.replicas : parallel.workers;
    for (const { where, storage, subject, key } of model.rateLimits) {
      if (where !== "application" || storage?.value !== "memory") continue;

      report({
        at: storage,
        subject,
        message: `${key} counts requests in memory while ${(parallel.replicas?.value ?? 1) * (parallel.workers?.value ?? 1)} processes serve`,
        related: place ? [{ at: place, message: `${parallel.subject} runs several` }] : [],
        snippet: subject.endsWith(".py")
          ? 'Limiter(key_func=get_remote_address, storage_uri=os.environ["REDIS_URL"])'
          : "rateLimit({ store: new RedisStore({ sendCommand }) })",
      });
    }
  },
});
