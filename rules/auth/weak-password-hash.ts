import { defineRule } from "../../src/rule.ts";

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
        message: weak
          ? `${key} hashes passwords with ${at.value}`
          : `${key} hashes passwords with bcrypt at cost ${cost}`,
        snippet: /^[A-Z][A-Z0-9_]*$/.test(key) ? `${key}=${weak ? "bcrypt" : "12"}` : undefined,
      });
    }
  },
});

const WEAK = /^(md4|md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|crypt|des|plaintext|plain|unsalted)/i;
