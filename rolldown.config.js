import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import { licences } from "./scripts/licences.js";
import { ruleTexts } from "./scripts/rule-texts.js";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** A source of one byte a character is read and compiled faster: whatever else stands in strings is written as escapes. */
const ascii = {
  name: "ascii",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      chunk.code = chunk.code.replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
    }
  },
};

/** CommonJS starts faster than ES modules; whatever a plain `lint` does not need is a chunk of its own. */
export default defineConfig({
  input: { cli: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  // The Node build of `yaml` is CommonJS and can not be shaken.
  resolve: { alias: { yaml: fileURLToPath(new URL("node_modules/yaml/browser/dist/index.js", import.meta.url)) } },
  transform: { target: "node20", define: { QWED_HARDEN_VERSION: JSON.stringify(version) } },
  plugins: [ruleTexts("rule-texts.cjs"), ascii, licences("THIRD-PARTY-LICENSES")],
  output: {
    dir: "dist",
    format: "cjs",
    minify: true,
    cleanDir: true,
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    exports: "named",
  },
});
