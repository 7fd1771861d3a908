/** Which source files are worth a parse: a cheap look before an expensive one. */
import type { SourceFile } from "../model.ts";

/** Larger files and longer lines are generated or bundled: nobody configures a deployment in them. */
const LIMITS = { file: 512 * 1024, line: 5_000 };

/** Words that a fact of `normalize/source/` needs, narrow enough that a parser's `token` is none of them. */
const TOPICS = [
  "cors|allow(?:ed)?_?origins?|_origins?\\b|access-control|\\borigins\\b|enableCors|allowed_hosts",
  "jwt|\\bjose\\b|oauth|bearer|(?:access|refresh|auth|session|id)[-_]?token|token_?(?:expir|ttl|life|secret)|expires_?in",
  "\\benvirons?\\b|getenv|_env\\(|BaseSettings|decouple|process\\.env|node:process|import\\.meta\\.env|(?:Deno|Bun)\\.env|ConfigService",
  "secret|passw|passphrase|bcrypt|api_?key|(?:token|credentials?)[\"']?\\s{0,8}[:=]\\s{0,8}[\"'`]|:\\/\\/[^\\s\"'`/@]{1,256}@",
  "auth_|_auth\\b|authorization|rate[-_]?limit|\\blimiter|throttle[_rs]|throttling",
  "helmet|talisman|secure_?headers|x-frame|content-type-options|strict-transport|x_frame|hsts",
  "fastapi|flask|django|starlette|litestar|sanic|quart|aiohttp|[\"'](?:express|koa)[\"']|fastify|nestjs|hono[\"'/]|@hapi|socket\\.?io",
  "\\bdebug[\"'\\]]{0,2}\\s{0,4}[:=]|reload\\s{0,4}=|create_(?:async_)?engine|sequelize|\\bpool\\b",
  "morgan|errorhandler|basicConfig|log_level|\\breq(?:uest)?\\.(?:body|headers)",
];
const WORDS = new RegExp(TOPICS.join("|"), "i");

/** True if the file is written by hand and mentions a thing that a rule is about. Linear. */
export function worthParsing({ text }: SourceFile): boolean {
  return text.length <= LIMITS.file && WORDS.test(text) && longestLine(text) <= LIMITS.line;
}

function longestLine(text: string): number {
  let longest = 0;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return Math.max(longest, text.length - start);
}
