import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Rolldown plugin: writes the licence texts of every bundled package into one file beside the bundle, since they ask for
 * that. Fails the build for a package that has none.
 * @param {string} fileName
 * @returns {import("rolldown").Plugin}
 */
export const licences = (fileName) => ({
  name: "licences",
  generateBundle(_options, bundle) {
    const folders = new Set();
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      for (const id of chunk.moduleIds) {
        const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll("\\", "/").replace(/^\0/, ""));
        if (folder) folders.add(folder[0]);
      }
    }
    const texts = [...folders].sort().map((folder) => licenceOf(folder));
    this.emitFile({ type: "asset", fileName, source: `${texts.join(`\n${"-".repeat(80)}\n\n`)}` });
  },
});

/** @param {string} folder */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} in ${dirname(folder)} has no licence file`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
