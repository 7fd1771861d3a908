import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { suppressions } from "../src/normalize/suppressions.ts";
import { sourceFile } from "./source-file.ts";

/** What a file's comments say and which text they cover. */
const read = (path: string, text: string) =>
  suppressions([sourceFile(path, text)]).map(({ span, rules, reason, until, lines }) => ({
    comment: span.file.text.slice(span.start, span.end),
    rules: rules.map(({ value, span: at }) => {
      expect(at.file.text.slice(at.start, at.end)).toBe(value);
      return value;
    }),
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until }),
    covers: lines.map(({ start, end }) => span.file.text.slice(start, end)).join("|"),
  }));

describe("grammar", () => {
  test.each([
    ["one rule", "cors/wildcard-origin -- public data", { rules: ["cors/wildcard-origin"], reason: "public data" }],
    ["several rules", "a/b, c/d,e/f -- why", { rules: ["a/b", "c/d", "e/f"], reason: "why" }],
    ["an end date", "a/b -- why until=2027-01-31", { rules: ["a/b"], reason: "why", until: "2027-01-31" }],
    ["no reason", "a/b", { rules: ["a/b"] }],
    ["no reason but dashes", "a/b --", { rules: ["a/b"] }],
    ["an end date and no reason", "a/b until=2027-01-31", { rules: ["a/b"], until: "2027-01-31" }],
    ["an end date alone behind the dashes", "a/b -- until=2027-01-31", { rules: ["a/b"], until: "2027-01-31" }],
    ["an end that is no date", "a/b -- why until=spring", { rules: ["a/b"], reason: "why", until: "spring" }],
    ["dashes inside the reason", "a/b -- so -- and so", { rules: ["a/b"], reason: "so -- and so" }],
    ["no rule", "-- why", { rules: [], reason: "why" }],
    ["nothing", "", { rules: [] }],
  ])("%s", (_, written, expected) => {
    const comment = `# qwed-harden-ignore ${written}`.trimEnd();
    expect(read(".env", `A=1 ${comment}\r\nB=2\r\n`)).toEqual([{ comment, covers: `A=1 ${comment}`, ...expected }]);
  });
});

describe("what it covers", () => {
  test.each([
    ["behind a value: that line", ".env", "A=1 # qwed-harden-ignore x/y\nB=2", "A=1 # qwed-harden-ignore x/y"],
    ["alone: the next line", ".env", "# qwed-harden-ignore x/y\nA=1\nB=2", "A=1"],
    ["over other comments and blank lines", ".env", "# qwed-harden-ignore x/y\n# more\n\nA=1\nB=2", "A=1"],
    ["nothing behind it", ".env", "A=1\n# qwed-harden-ignore x/y\n", ""],
    ["a YAML value", "c.yaml", "a:\n  # qwed-harden-ignore x/y\n  b: 1\n  c: 2\n", "  b: 1"],
    [
      "a service, to its last line",
      "c.yaml",
      "services:\n  # qwed-harden-ignore x/y\n  db:\n    image: a\n\n    ports:\n      - b\n\n  # next\n  web:\n    image: c\n",
      "  db:\n    image: a\n\n    ports:\n      - b",
    ],
    [
      "a service, from its own line",
      "c.yaml",
      "s:\n  db: # qwed-harden-ignore x/y\n    a: 1\n  web: {}\n",
      "  db: # qwed-harden-ignore x/y\n    a: 1",
    ],
    [
      "an item of a sequence",
      "c.yaml",
      "containers:\n  # qwed-harden-ignore x/y\n  - name: a\n    image: b\n  - name: c\n",
      "  - name: a\n    image: b",
    ],
    [
      "a sequence that stands under its key",
      "c.yaml",
      "# qwed-harden-ignore x/y\ncontainers:\n- name: a\n  image: b\nrest: 1\n",
      "containers:\n- name: a\n  image: b",
    ],
    ["a block at the end of the file", "c.yaml", "# qwed-harden-ignore x/y\na:\n  b: 1\n\n", "a:\n  b: 1"],
    ["a stage", "Dockerfile", "# qwed-harden-ignore x/y\nFROM a AS b\nRUN c\n\nFROM d\nUSER e\n", "FROM a AS b\nRUN c"],
    ["the last stage", "Dockerfile", "FROM a\n# qwed-harden-ignore x/y\nfrom d\nUSER e\n", "from d\nUSER e"],
    ["one instruction", "Dockerfile", "FROM a\n# qwed-harden-ignore x/y\nENV A=1\nUSER e\n", "ENV A=1"],
    ["a call in Python", "m.py", "# qwed-harden-ignore x/y\nadd(\n    a,\n    b,\n)\nc()\n", "add(\n    a,\n    b,"],
    ["JavaScript", "m.ts", "// qwed-harden-ignore x/y\napp.use(cors());\nb();\n", "app.use(cors());"],
    ["a block comment", "m.js", "/* qwed-harden-ignore x/y -- why */\napp.use(cors());\nb();\n", "app.use(cors());"],
    ["nginx", "nginx.conf", "server {\n  # qwed-harden-ignore x/y\n  listen 80;\n}\n", "  listen 80;"],
    [
      "an nginx server",
      "nginx.conf",
      "# qwed-harden-ignore x/y\nserver {\n  listen 80;\n}\n",
      "server {\n  listen 80;",
    ],
  ])("%s", (_, path, text, expected) => {
    const found = read(path, text);
    expect(found.map(({ covers }) => covers)).toEqual([expected]);
    expect(found[0]!.rules).toEqual(["x/y"]);
  });

  test.each([
    ["inside a quoted value", ".env", 'A="# qwed-harden-ignore x/y"'],
    ["behind an instruction: Dockerfiles have no such comment", "Dockerfile", "RUN a # qwed-harden-ignore x/y"],
    ["glued to a word", "c.yaml", "a: b# qwed-harden-ignore x/y"],
    ["another word", "c.yaml", "a: 1 # qwed-harden-ignored x/y"],
    ["JSON has no comments", "c.json", '{"a": "b"} # qwed-harden-ignore x/y'],
    ["prose about it", "c.yaml", "# see qwed-harden-ignore\na: 1"],
  ])("nothing %s", (_, path, text) => {
    expect(read(path, text)).toEqual([]);
  });

  test("files read as context have none", () => {
    expect(suppressions([sourceFile("c.yaml", "a: 1 # qwed-harden-ignore x/y", { context: true })])).toEqual([]);
  });

  test("several above one line all cover it", () => {
    expect(
      read("c.yaml", "# qwed-harden-ignore a/b\n# qwed-harden-ignore c/d\nk: 1\n").map(({ covers }) => covers),
    ).toEqual(["k: 1", "k: 1"]);
  });
});

test("total, and every place is inside the text", () => {
  const part = fc.constantFrom(
    "# qwed-harden-ignore",
    "// qwed-harden-ignore",
    " a/b",
    ",",
    " -- ",
    "until=",
    "\n",
    "\r",
    "  ",
    "\t",
    "- ",
    "k:",
    '"',
    "FROM x",
    "\u2028",
  );
  fc.assert(
    fc.property(fc.array(part), fc.constantFrom("c.yaml", ".env", "Dockerfile", "m.js", "m.py"), (parts, path) => {
      for (const { span, rules, lines } of suppressions([sourceFile(path, parts.join(""))])) {
        for (const { start, end } of [span, ...lines, ...rules.map((rule) => rule.span)]) {
          expect(0 <= start && start <= end && end <= span.file.text.length).toBe(true);
        }
      }
    }),
  );
});

test.each([
  ["stacked comments", "# qwed-harden-ignore a/b -- c\n".repeat(35_000)],
  ["nested blocks", Array.from({ length: 1_300 }, (_, i) => `${" ".repeat(i)}k: # qwed-harden-ignore a/b\n`).join("")],
  ["one long line", `k: # qwed-harden-ignore ${"a/b,".repeat(250_000)}`],
  ["many hashes", `k: ${"# ".repeat(500_000)}qwed-harden-ignore`],
])("1 MB of %s within a second", (_, text) => {
  const started = performance.now();
  suppressions([sourceFile("c.yaml", text)]);
  expect(performance.now() - started).toBeLessThan(1_000);
});
