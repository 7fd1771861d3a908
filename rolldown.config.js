import { readFileSync } from "node:fs";
import { defineConfig } from "rolldown";
import { licences } from "./scripts/licences.js";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** CommonJS starts faster than ES modules; whatever a plain `lint` does not need is a chunk of its own. */
export default defineConfig({
  input: { cli: "src/cli/main.ts", index: "src/index.ts" },
  platform: "node",
  // The Node build of `yaml` is CommonJS and can not be shaken.
  resolve: { alias: { yaml: "yaml/browser/dist/index.js" } },
  transform: { target: "node20", define: { QWED_HARDEN_VERSION: JSON.stringify(version) } },
  plugins: [licences("THIRD-PARTY-LICENSES")],
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
