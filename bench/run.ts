/**
 * `npm run bench`: what a start costs beside bare Node, how long ten thousand manifests take, and the same for peers
 * that are installed. Run after `npm run build`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { manifest, smallProject } from "./projects.ts";

const ROUNDS = 31;
const MANIFESTS = 10_000;
const BIN = resolve("bin/qwed-harden.js");
/** Node 20 reads it at every start: some 50 ms that hide everything else. */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

function time(command: string, args: readonly string[], cwd: string): number {
  const start = process.hrtime.bigint();
  const { error } = spawnSync(command, args, { cwd, env, stdio: "ignore" });
  if (error) throw error;
  return Number(process.hrtime.bigint() - start) / 1e6;
}

interface Case {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Rounds in turn, so that a busy moment of the machine falls on all cases alike. */
function interleaved(cases: readonly Case[], cwd: string): readonly (readonly number[])[] {
  const times = cases.map((): number[] => []);
  for (const { command, args } of cases) time(command, args, cwd);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < cases.length; i++) {
      const turn = (round + i) % cases.length;
      times[turn]!.push(time(cases[turn]!.command, cases[turn]!.args, cwd));
    }
  }
  return times;
}

function withFolder(files: Iterable<readonly [string, string]>, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "qwed-bench-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const peer = (name: string, ...args: readonly string[]): Case => ({
  title: name,
  command: resolve("node_modules/.bin", name),
  args,
});
const PEERS: readonly Case[] = [
  peer("dclint", "compose.yaml"),
  peer("dockerfilelint", "Dockerfile"),
  peer("secretlint", "**/*"),
];

const row = (title: string, value: string): void => console.log(`${title.padEnd(44)}${value.padStart(12)}`);

withFolder(Object.entries(smallProject), (folder) => {
  const node = (title: string, ...args: readonly string[]): Case => ({ title, command: process.execPath, args });
  const installed = PEERS.filter(({ command }) => existsSync(command));
  const cases = [
    node("node -e 0", "-e", "0"),
    node("--version", BIN, "--version"),
    node("lint .", BIN, "lint", "."),
    ...installed,
  ];
  const times = interleaved(cases, folder);
  console.log(`Four files, ${ROUNDS} rounds, ratio to \`node -e 0\` (target for lint: 2.0 or less)`);
  for (const [i, { title }] of cases.entries()) {
    const ratios = times[i]!.map((value, round) => value / times[0]![round]!);
    row(`  ${title}`, `${median(times[i]!).toFixed(0)} ms ${median(ratios).toFixed(2)}x`);
  }
  for (const { title } of PEERS.filter((one) => !installed.includes(one))) row(`  ${title}`, "not installed");
});

function* manifests(): Generator<readonly [string, string]> {
  for (let i = 0; i < MANIFESTS; i++) yield [`d${i % 100}/m${i}.yaml`, manifest(i)];
}
withFolder(manifests(), (folder) => {
  const times = [0, 1, 2].map(() => time(process.execPath, [BIN, "lint", ".", "--format", "json"], folder));
  console.log(
    `\n${MANIFESTS} manifests of ${(manifest(0).length / 1000).toFixed(1)} KB, one thread (target: 5 s or less)`,
  );
  row("  lint .", `${(median(times) / 1000).toFixed(2)} s`);
});
