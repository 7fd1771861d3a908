import { describe, expect, test } from "vitest";
import { envFiles } from "../../src/normalize/env-files.ts";
import { parseDotenv } from "../../src/parse/dotenv.ts";
import { sourceFile } from "../source-file.ts";

const read = (text: string, stage: "production" | "example" = "production") => {
  const file = sourceFile(".env", text, { stage });
  return envFiles([{ file, tree: parseDotenv(file) }])[0]!;
};
const values = (text: string) => read(text).variables.map(({ name, value }) => [name.value, value.value]);

describe("envFiles", () => {
  test("a variable carries file, place and value", () => {
    const { variables, live, usedBy } = read('# c\nexport A="b c" # d\n');
    expect(live).toBe(true);
    expect(usedBy).toEqual([]);
    expect(variables).toMatchObject([
      {
        name: { value: "A", span: { start: 11, end: 12 } },
        value: { value: { from: "literal", text: "b c" }, span: { start: 14, end: 17 } },
        origin: "env-file",
        phase: "run",
        subject: ".env",
      },
    ]);
  });

  test("an example is not live", () => expect(read("A=1", "example").live).toBe(false));

  test("a key alone comes from the host", () => expect(values("HOME\n")).toEqual([["HOME", { from: "host" }]]));

  test("single quotes and backticks keep `$`", () => {
    expect(values("A='${B}'\nC=`$D`\n")).toEqual([
      ["A", { from: "literal", text: "${B}" }],
      ["C", { from: "literal", text: "$D" }],
    ]);
  });

  test("a `$` inside a password is no reference", () => {
    expect(values("A=pa$word\nB=P@$$w0rd\n")).toEqual([
      ["A", { from: "literal", text: "pa$word" }],
      ["B", { from: "literal", text: "P@$$w0rd" }],
    ]);
  });

  test("a reference is resolved from earlier keys of the same file, in its place", () => {
    const { variables } = read('A=1\nB="x ${A} ${N:-d}"\nC=$A\nD=${LATER}\nLATER=2\n');
    expect(variables.map(({ value }) => value.value)).toMatchObject([
      { from: "literal", text: "1" },
      { from: "variable", resolved: "x 1 d", references: [{ name: "A", value: { value: "1" } }, { name: "N" }] },
      { from: "variable", resolved: "1" },
      { from: "variable", references: [{ name: "LATER" }] },
      { from: "literal", text: "2" },
    ]);
    const [, b, , d] = variables.map(({ value }) => value.value);
    const places =
      b!.from === "variable" ? b!.references.map(({ span }) => span.file.text.slice(span.start, span.end)) : [];
    expect(places).toEqual(["${A}", "${N:-d}"]);
    expect(d).not.toHaveProperty("resolved");
  });

  test("duplicates stay in order", () => {
    expect(values("A=1\nA=2")).toEqual([
      ["A", { from: "literal", text: "1" }],
      ["A", { from: "literal", text: "2" }],
    ]);
  });
});
