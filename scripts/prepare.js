/**
 * Builds the package before npm packs it, also where npm installs it from git. `npm install --global` of a repository,
 * which is what pre-commit does, leaves the development dependencies out: they are installed first.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Runs npm; what it says goes to standard error, since standard output of `npm pack` is the name of the package. */
function npm(...args) {
  const { status } = spawnSync(process.execPath, [process.env.npm_execpath, ...args], {
    env: { ...process.env, npm_config_global: "false" },
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync("node_modules/rolldown")) npm("ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund");
npm("run", "build");
