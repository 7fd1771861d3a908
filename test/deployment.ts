import type { Deployment, SourceFile, Span } from "../src/model.ts";

/** A model that holds nothing but what is given. */
export const deployment = (facts: Partial<Deployment> = {}): Deployment => ({
  files: [],
  problems: [],
  roles: [],
  git: true,
  history: [],
  containers: [],
  stages: [],
  images: [],
  ports: [],
  mounts: [],
  networks: [],
  secrets: [],
  unknownKeys: [],
  unsetVariables: [],
  overrides: [],
  objects: [],
  fieldFaults: [],
  envFiles: [],
  variables: [],
  reads: [],
  overwritten: [],
  unread: [],
  providerKeys: [],
  credentialLiterals: [],
  commandCredentials: [],
  urls: [],
  cors: [],
  tokens: [],
  rateLimits: [],
  settings: {
    debug: [],
    authentication: [],
    keyRotation: [],
    passwordMinLength: [],
    passwordPolicy: [],
    passwordHash: [],
    logLevel: [],
    bodyLogging: [],
    requestSize: [],
    poolSize: [],
  },
  edges: [],
  applications: [],
  pipelines: [],
  suppressions: [],
  sensitive: [],
  ...facts,
});

/** Span of the n-th occurrence of a text, from 0. */
export function spanIn(file: SourceFile, text: string, nth = 0): Span {
  let start = file.text.indexOf(text);
  for (let i = 0; i < nth; i++) start = file.text.indexOf(text, start + 1);
  if (start < 0) throw new Error(`${JSON.stringify(text)} is not in ${file.path}`);
  return { file, start, end: start + text.length };
}
