import { describe, expect, test } from "vitest";
import type { Deployment, EnvValue, Span, Variable } from "../../src/model.ts";
import { providerKeys } from "../../src/normalize/provider-keys.ts";
import { sensitive } from "../../src/normalize/sensitive.ts";
import { serviceUrl } from "../../src/normalize/urls.ts";
import { variable } from "../../src/normalize/variable.ts";
import { deployment } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";

const masked = (facts: Partial<Deployment>) =>
  sensitive(deployment(facts)).map(({ file, start, end }) => file.text.slice(start, end));

/** Variables of `NAME=value` lines; `values` replaces what is written by what it means (base64). */
const bind = (text: string, path = ".env", values: Readonly<Record<string, string>> = {}): Variable[] => {
  const file = sourceFile(path, text);
  return [...text.matchAll(/^(\w+)=(.*)$/gm)].map((match) => {
    const [, name = "", written = ""] = match;
    const span = (start: number, length: number): Span => ({ file, start, end: start + length });
    const value: EnvValue = { from: "literal", text: values[name] ?? written };
    return variable({
      name: { value: name, span: span(match.index, name.length) },
      value: { value, span: span(match.index + name.length + 1, written.length) },
      origin: "env-file",
      phase: "run",
      subject: path,
    });
  });
};

test("weak and strong credentials, not placeholders, references and plain values", () => {
  const variables = bind(
    "A_PASSWORD=changeme\nB_TOKEN=Zt4Kq81LmWv0\nC_KEY=x\nAPI_KEY=<your-key>\nD_SECRET=/run/secrets/d\nHOST=db\n",
  );
  expect(masked({ variables })).toEqual(["changeme", "Zt4Kq81LmWv0"]);
});

test("every value of a stored Secret, as it is written", () => {
  const variables = bind("user=YWRtaW4=\npassword=WnQ0S3E4MUw=\n", "secret.yaml", {
    user: "admin",
    password: "Zt4Kq81L",
  });
  const store = { name: variables[0]!.name, subject: "Secret s", format: "kubernetes" as const, variables };
  expect(masked({ secrets: [{ ...store, holds: "values" }] })).toEqual(["YWRtaW4=", "WnQ0S3E4MUw="]);
  expect(masked({ secrets: [{ ...store, holds: "sealed" }] })).toEqual(["WnQ0S3E4MUw="]);
});

test("passwords of URLs, keys of providers, fallbacks in source", () => {
  const key = "sk-proj-Zt4Kq81LmWv0XyRb27NdPfQs9uHcJg3E";
  const file = sourceFile(
    "app.py",
    `URL = "postgres://u:Zt4K@db/x"\nKEY = "${key}"\nos.getenv("JWT_SECRET", "changeme")\n`,
  );
  const place = (text: string) => {
    const start = file.text.indexOf(text);
    return { value: text, span: { file, start, end: start + text.length } };
  };
  const url = serviceUrl({ at: place("postgres://u:Zt4K@db/x"), key: "URL", subject: "app.py" });
  expect(
    masked({
      files: [file],
      urls: [url!],
      providerKeys: providerKeys([file], []),
      reads: [{ name: place("JWT_SECRET"), fallback: place("changeme"), required: false, providedBy: [] }],
    }),
  ).toEqual(["Zt4K", key, "changeme"]);
});

describe("texts", () => {
  test("bodies of private keys and signed tokens, in any file", () => {
    const token = `eyJ${"hbGciOiJI".repeat(2)}.eyJ${"zdWIiOiIx".repeat(2)}.${"Zt4Kq81LmWv0".repeat(2)}`;
    const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END RSA PRIVATE KEY-----";
    const file = sourceFile("notes.yaml", `a: ${token}\nb: |\n  ${pem}\nc: -----BEGIN PUBLIC KEY-----\n${pem}\n`);
    const body = "\nMIIEvQIBADANBg\n";
    expect(masked({ files: [file] }).map((text) => (text === body ? "body" : text))).toEqual([token, "body", "body"]);
  });
  test("linear in hostile text", () => {
    const started = performance.now();
    for (const piece of ["eyJ", "eyJaaaaaaaaaaaa.", "PRIVATE KEY-----", "-----END"])
      masked({ files: [sourceFile("x.yaml", piece.repeat(1_000_000 / piece.length))] });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test("sorted by path and place, overlaps merged", () => {
  const one = sourceFile("b.env", "0123456789");
  const two = sourceFile("a.env", "0123456789");
  const key = (file: typeof one, start: number, end: number) => ({
    provider: "x",
    title: "x",
    span: { file, start, end },
  });
  const spans = sensitive(
    deployment({ providerKeys: [key(one, 4, 6), key(one, 1, 5), key(two, 2, 3), key(one, 8, 9)] }),
  );
  expect(spans.map(({ file, start, end }) => [file.path, start, end])).toEqual([
    ["a.env", 2, 3],
    ["b.env", 1, 6],
    ["b.env", 8, 9],
  ]);
});
