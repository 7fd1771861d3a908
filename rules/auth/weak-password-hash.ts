import { defineRule, replace, rewritten, type Span } from "../../src/rule.ts";

const LOWEST_COST = 10;

export default defineRule({
  meta: {
    id: "auth/weak-password-hash",
    title: "Passwords are hashed with MD5, SHA-1 or a bcrypt cost below 10",
    severity: "high",
    presets: ["recommended"],
    guides: ["qwed/password-hashing"],
    why: `
Fast hashes fall to guessing: billions of MD5 or SHA-1 guesses a second on one graphics card, and each step that the bcrypt
cost goes down halves the work.`,
    remedy: `
Use bcrypt with its default cost of 12, or Argon2id.

\`\`\`python
hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=12))
\`\`\``,
    fix: "none",
    sameAs: {},
    references: [
      "https://cwe.mitre.org/data/definitions/916.html",
      "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
    ],
  },

  check(model, report) {
    for (const { at, subject, key, cost } of model.settings.passwordHash) {
      const weak = WEAK.test(at.value);
      if (!weak && !(at.value === "bcrypt" && cost !== undefined && cost < LOWEST_COST)) continue;

      report({
        at,
        subject,
        message: weak ? `${key} hashes passwords with ${name(at.value)}` : `${key} gives bcrypt a cost of ${cost}`,
        snippet: strong(at.span, weak, model.sensitive),
      });
    }
  },
});

const WEAK = /^(md4|md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|crypt|des|plaintext|plain|unsalted)/i;

/** `sha1` as people write it: SHA-1. */
const name = (hash: string): string => hash.toUpperCase().replace(/^SHA(?=\d)/, "SHA-");

/** The user's own line with a slow hash; where the call itself is the mistake, the call that takes its place. */
function strong(at: Span, weak: boolean, secrets: readonly Span[]): string | undefined {
  const { file, start, end } = at;
  const written = file.text.slice(start, end);
  if (!weak) return rewritten([replace(at, "12")], secrets);
  if (written.endsWith("PasswordHasher")) {
    return rewritten([replace(at, "django.contrib.auth.hashers.Argon2PasswordHasher")], secrets);
  }
  if (written.includes("_")) return rewritten([replace(at, "argon2")], secrets);
  switch (file.language) {
    case "python":
      return "bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=12))";
    case "javascript":
      return "await bcrypt.hash(password, 12)";
    default:
      return rewritten([replace(at, "bcrypt")], secrets);
  }
}
