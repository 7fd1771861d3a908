/**
 * Building blocks of snippets: the guide's remedy in the language of the file, with the user's own names.
 * Each function returns text without a final line end.
 */

const indent = (text: string, by: number): string =>
  text
    .split("\n")
    .map((line) => (line ? " ".repeat(by) + line : line))
    .join("\n");

/** `services:` → `name:` → `body` (YAML lines without indentation). */
export const composeService = (name: string, body: string): string => `services:\n  ${name}:\n${indent(body, 4)}`;

/** `containers:` → `- name: name` → `body`. */
export const kubernetesContainer = (name: string, body: string): string =>
  `containers:\n  - name: ${name}\n${indent(body, 4)}`;

/** `OPENAI_API_KEY` → `openai-api-key`: the key of a Kubernetes Secret as the QWED guide writes it. */
export const secretKey = (variable: string): string => variable.toLowerCase().replaceAll("_", "-");

/** One `env` entry that takes `variable` from a Secret (QWED guide, section 1). */
export const secretKeyRef = (variable: string, secret: string): string =>
  `- name: ${variable}\n  valueFrom:\n    secretKeyRef:\n      name: ${secret}\n      key: ${secretKey(variable)}`;
