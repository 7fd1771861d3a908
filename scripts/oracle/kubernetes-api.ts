/** What the API server's code makes of manifests. */
import { spawnSync } from "node:child_process";

export interface ApiObject {
  /** Of the document that holds it, from 1. */
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** Of an API that Kubernetes does not have. */
  readonly foreign?: true;
  /** Why it can not be decoded at all. */
  readonly refused?: string;
  /** What strict decoding says. */
  readonly strict?: readonly string[];
  /** What validation on creation says. */
  readonly invalid?: readonly string[];
  readonly decoded?: unknown;
}

/** The objects of each file. `program` is the built oracle. Throws where it does not run. */
export function ask(program: string, paths: readonly string[]): readonly (readonly ApiObject[])[] {
  const input = JSON.stringify(paths);
  const { stdout, stderr, status } = spawnSync(program, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  return JSON.parse(stdout) as readonly (readonly ApiObject[])[];
}
