/** The configuration that `init` writes: every key with what it is for, its default or an example. */
import { type Config, configJsonSchema } from "../config/schema.ts";
import { version } from "./version.ts";

type Key = Exclude<keyof Config, "$schema">;

/** The default of a key, or an example where there is none. */
const SETTINGS: Readonly<Record<Key, readonly string[]>> = {
  preset: ["preset: recommended"],
  failOn: ["failOn: medium"],
  minSeverity: ["minSeverity: info"],
  history: ["history: false"],
  rules: ["rules:", "  compose/log-rotation-missing: off", "  image/unpinned-tag: high"],
  ignore: ["ignore:", "  - legacy/**"],
  stages: ["stages:", "  development: [compose.debug.yaml]", "  example: [samples/**]"],
  overrides: ["overrides:", "  - files: [infra/staging/**]", "    rules:", "      network/app-port-exposed: low"],
  accepted: [
    "accepted:",
    "  - rule: tls/public-http",
    "    path: compose.yaml",
    "    reason: TLS ends at the load balancer of the data centre",
    "    until: 2027-06-30",
  ],
  nonSuppressible: ["nonSuppressible:", "  - secrets/*"],
};

/** Where editors find the schema of this version: in an installed package, else where npm packages are served from. */
const schemaAddress = (installed: boolean): string =>
  installed
    ? "./node_modules/qwed-harden/schema/config.schema.json"
    : `https://unpkg.com/qwed-harden@${version}/schema/config.schema.json`;

/**
 * Text of `qwed-harden.config.yaml`. Settings are commented out, as `#key: value` without a blank, but for
 * another preset than the recommended one. `installed`: the package is in `node_modules` beside it.
 */
export function configText(preset: NonNullable<Config["preset"]>, installed: boolean): string {
  const { properties } = configJsonSchema() as { properties: Readonly<Record<string, { description?: string }>> };
  const keys = Object.keys(SETTINGS) as readonly Key[];
  const blocks = keys.map((key) => {
    const chosen = key === "preset" && preset !== "recommended" ? [`preset: ${preset}`] : undefined;
    return [`# ${properties[key]?.description}`, ...(chosen ?? SETTINGS[key].map((line) => `#${line}`)), ""];
  });
  return [
    `# yaml-language-server: $schema=${schemaAddress(installed)}`,
    "# Configuration of qwed-harden. What is commented out is the default, or an example where there is none.",
    "",
    ...blocks.flat(),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}
