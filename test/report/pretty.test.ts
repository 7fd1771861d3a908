import { describe, expect, test } from "vitest";
import { RuleCrash } from "../../src/check.ts";
import { colors } from "../../src/report/colors.ts";
import { pretty } from "../../src/report/pretty.ts";
import { widthOf } from "../../src/report/visible.ts";
import { deployment, spanIn } from "../deployment.ts";
import { sourceFile } from "../source-file.ts";
import { finding, input, rule } from "./findings.ts";

const compose = sourceFile(
  "compose.yaml",
  'services:\n  db:\n    ports:\n      - "5432:5432"\n    environment:\n      A: one\n      B: two\n      C: three\n      D: four\n',
);
const env = sourceFile(".env", "DEBUG=true\n");
const exposed = rule("network/database-port-exposed", { severity: "critical" });
const literal = rule("secrets/in-env-literal");
const port = finding(
  exposed,
  spanIn(compose, "5432:5432"),
  "service db publishes port 5432 on every network interface of the host",
  {
    subject: "service db",
    related: [{ at: spanIn(compose, "db"), message: "the service" }],
    snippet: 'services:\n  db:\n    ports:\n      - "127.0.0.1:5432:5432"',
  },
);

/** Colours and hyperlinks are no text. */
const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m|\u001b\]8;;[^\u0007]*\u0007/g, "");

test("a finding with everything", () => {
  expect(pretty(input([port]))).toBe(`── compose.yaml ────────────────────────────────────────────────────── 1 finding

critical[network/database-port-exposed]: service db publishes port 5432 on every
  network interface of the host
 --> compose.yaml:4:10  service db
  |
4 |       - "5432:5432"
  |          ^^^^^^^^^
  = note: the service
 --> compose.yaml:2:3
  |
2 |   db:
  |   --
  = write instead:
      services:
        db:
          ports:
            - "127.0.0.1:5432:5432"
  = see: qwed-harden explain network/database-port-exposed

1 finding in 1 file: 1 critical
Scanned 1 file: 1 other YAML
Next: qwed-harden explain network/database-port-exposed
`);
});

test("many findings of one rule on one subject: one in full, the others on a line each", () => {
  const found = ["one", "two", "three", "four"].map((value, i) =>
    finding(literal, spanIn(compose, value), `variable ${"ABCD"[i]} holds a literal`, { subject: "service db" }),
  );
  const text = pretty(input(found));
  expect(text).toContain(`6 |       A: one
  |          ^^^
  = 3 more of this rule in service db:
      7:10    variable B holds a literal
      8:10    variable C holds a literal
      9:10    variable D holds a literal
  = see: qwed-harden explain secrets/in-env-literal`);
  expect(text).toContain("4 findings in 1 file: 4 high");
  expect(pretty(input(found.slice(1))).match(/= see:/g)).toHaveLength(3);
});

describe("fits the terminal", () => {
  const found = [finding(rule("auth/debug-enabled"), spanIn(env, "true"), "DEBUG is on ".repeat(12).trim()), port];
  test.each([40, 60, 80, 200])("%d columns", async (width) => {
    const text = pretty(input(found, { width }));
    for (const line of text.split("\n"))
      if (!line.includes("127.0.0.1")) expect(widthOf(line), line).toBeLessThanOrEqual(Math.max(width, 58));
    expect(bare(pretty(input(found, { width, paint: await colors(3, { links: true }), rootUrl: "file:///p/" })))).toBe(
      text,
    );
  });
});

test("colours and links only where they are asked for", async () => {
  expect(pretty(input([port]))).not.toContain("\u001b");
  const text = pretty(input([port], { paint: await colors(2, { links: true }), rootUrl: "file:///srv/my%20app/" }));
  expect(text).toContain("\u001b]8;;file:///srv/my%20app/compose.yaml\u0007compose.yaml:4:10\u001b]8;;\u0007");
});

test("nothing a file says is obeyed by the terminal", () => {
  const path = "evil\u001b[2J\n\u202e.yaml";
  const file = sourceFile(path, "a: b\n");
  const text = pretty(
    input(
      [
        finding(literal, spanIn(file, "b"), "m\u001b]0;title\u0007", {
          subject: "s\r\n::error::",
          snippet: "a\u001b[31m",
        }),
      ],
      {
        skipped: [{ path, reason: "r\u0000" }],
      },
    ),
  );
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(text).not.toMatch(/^::error/m);
});

test("nothing a file says is obeyed by the log of a CI server", () => {
  const file = sourceFile("##vso[task.x]/compose.yaml", "a: '##vso[task.setvariable variable=A]b'\n");
  const text = pretty(
    input([
      finding(literal, { file, start: 0, end: file.text.length }, `${"::stop-commands::x ".repeat(9)}##[add-mask]y`, {
        snippet: "a:\n  ::error::z\n::1",
      }),
    ]),
  );
  expect(text).not.toMatch(/^\s*::|##[a-z]*\[/im);
  expect(text).toContain("\\::stop-commands::x");
  expect(text).toContain("1 | a: '#\\#vso[task.setvariable variable=A]b'");
});

describe("the summary", () => {
  const model = deployment({
    files: [compose, env, sourceFile("context.env", "", { context: true })],
    roles: [{ file: compose, role: "Compose" }],
    envFiles: [{ file: env, live: true, variables: [], usedBy: [], readBy: [], lines: [], documented: [] }],
  });
  test("says what was checked when all is well", () => {
    expect(pretty(input([], { model }))).toBe(
      "No problems found\nScanned 2 files: 1 .env, 1 Compose\nNext: qwed-harden guide, for what only a person can decide\n",
    );
  });

  test("says that nothing was checked", () => {
    const text = pretty(
      input([], { model: deployment(), skipped: [{ path: "big.yaml", reason: "larger than 5 MiB" }] }),
    );
    expect(text).toContain("Nothing was checked");
    expect(text).not.toContain("No problems");
    expect(text).toContain("Skipped 1 file:\n  big.yaml: larger than 5 MiB");
  });

  test("counts what is hidden, silenced and over", () => {
    const silenced = [{ finding: port, by: "comment", reason: "why" } as const];
    const expired = [{ rule: "cors/wildcard-origin", path: "*.env", reason: "r", until: "2026-01-01" } as const];
    const text = pretty(
      input([port, finding(rule("compose/version-field", { severity: "info" }), spanIn(compose, "db"), "m")], {
        minSeverity: "high",
        silenced,
        expired,
      }),
    );
    expect(text).toContain("1 finding in 1 file: 1 critical, 1 below high not shown\n");
    expect(text).toContain("Silenced 1 finding: 1 by comments\n");
    expect(text).toContain("Accepted until 2026-01-01 and over: cors/wildcard-origin in *.env\n");
    expect(text).not.toContain("compose/version-field");
  });

  test("names the first skipped files and counts the rest", () => {
    const skipped = Array.from({ length: 9 }, (_, i) => ({ path: `${i}.yaml`, reason: "not UTF-8 text" }));
    expect(pretty(input([], { model, skipped }))).toContain("Skipped 9 files:\n  0.yaml: not UTF-8 text\n");
    expect(pretty(input([], { model, skipped }))).toContain("  and 4 more\n");
  });

  test("says once that there is no git repository", () => {
    expect(pretty(input([], { model: { ...model, git: false } }))).toContain("No git repository here");
    expect(pretty(input([], { model: { ...model, git: false, envFiles: [] } }))).not.toContain(
      "No git repository here",
    );
  });

  test("a failed rule is told before all else", () => {
    expect(pretty(input([], { model, crashes: [new RuleCrash("cors/wildcard-origin", new Error("boom"))] }))).toMatch(
      /^internal error: rule cors\/wildcard-origin failed: boom\n/,
    );
  });
});
