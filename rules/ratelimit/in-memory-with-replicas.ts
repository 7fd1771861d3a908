import { type Container, defineRule, type Note, type RateLimit, replace, rewritten } from "../../src/rule.ts";

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
\`\`\`

\`\`\`javascript
app.use(rateLimit({ store: new RedisStore({ sendCommand: (...command) => redis.sendCommand(command) }) }));
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/770.html",
      "https://limits.readthedocs.io/en/stable/storage.html",
    ],
  },

  check(model, report) {
    const parallel = model.containers.filter(
      (container) => container.productKind === "application" && processes(container) > 1,
    );
    for (const limit of model.rateLimits) {
      if (limit.storage?.value !== "memory") continue;
      const container = parallel.find((each) => runs(each, limit));
      if (!container) continue;

      report({
        at: limit.storage,
        subject: limit.subject,
        message: `${limit.key} counts requests in memory while ${processes(container)} processes serve`,
        related: several(container),
        snippet:
          limit.where === "environment"
            ? rewritten([replace(limit.storage.span, "redis://redis:6379/0")], model.sensitive)
            : SNIPPETS[limit.subject.endsWith(".py") ? "python" : "javascript"],
      });
    }
  },
});

const processes = ({ replicas, workers }: Container): number => (replicas?.value ?? 1) * (workers?.value ?? 1);

/** The limiter is in the source the container is built from, or in its environment. An image from elsewhere may hold any source. */
function runs({ build, variables }: Container, { where, subject, storage }: RateLimit): boolean {
  if (where === "environment") {
    return variables.some(
      ({ value: { span } }) => span.file === storage?.span.file && span.start === storage.span.start,
    );
  }
  if (where === "proxy") return false;
  return !build || build.context === "" || build.context === "." || subject.startsWith(`${build.context}/`);
}

function several({ replicas, workers, subject }: Container): Note[] {
  const places = [
    { at: replicas, what: "replicas" },
    { at: workers, what: "worker processes" },
  ];
  return places.flatMap(({ at, what }) =>
    at && at.value > 1 ? [{ at, message: `${subject} runs ${at.value} ${what}` }] : [],
  );
}

const SNIPPETS = {
  python: 'Limiter(key_func=get_remote_address, storage_uri=os.environ["REDIS_URL"])',
  javascript: "rateLimit({ store: new RedisStore({ sendCommand: (...command) => redis.sendCommand(command) }) })",
};
