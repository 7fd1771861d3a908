import { describe, expect, test } from "vitest";
import type { Span } from "../../src/model.ts";
import { parseDotenv } from "../../src/parse/dotenv.ts";
import { sourceFile } from "../source-file.ts";

const parse = (text: string) => parseDotenv(sourceFile(".env", text));
const cut = ({ file, start, end }: Span) => file.text.slice(start, end);
/** The one entry of a text. */
const only = (text: string) => {
  const { entries } = parse(text);
  expect(entries).toHaveLength(1);
  return entries[0]!;
};

describe("values", () => {
  test.each([
    ["A=plain", "plain", "none"],
    ["A=plain# x", "plain# x", "none"],
    ["A=plain # x", "plain", "none"],
    ["A=a\t# x", "a", "none"],
    ["A=#x", "#x", "none"],
    ["A= # x", "", "none"],
    ["A=", "", "none"],
    ["A=   ", "", "none"],
    ["A = v  ", "v", "none"],
    ["A: v", "v", "none"],
    ["export A=v", "v", "none"],
    ['export A="v w"', "v w", "double"],
    ["A='x # y'", "x # y", "single"],
    ["A='it\\'s'", "it's", "single"],
    ["A='a\\nb'", "a\\nb", "single"],
    ['A="a\\nb\\tc\\"d\\\\e\\qf"', 'a\nb\tc"d\\e\\qf', "double"],
    ["A=`x # y`", "x # y", "backtick"],
    ["A=a'b'c", "a'b'c", "none"],
    ['A="x" # y', "x", "double"],
    ["A=a=b==", "a=b==", "none"],
    ["A=P@$$w0rd", "P@$$w0rd", "none"],
    ["A=${B:-c d} # e", "${B:-c d}", "none"],
    ["A=x\r\n", "x", "none"],
    ['A="x\r\ny"\r\n', "x\r\ny", "double"],
    ["\uFEFFA=x", "x", "none"],
  ])("%j is %j", (text, value, quote) => {
    const entry = only(text);
    expect(entry.value).toBe(value);
    expect(entry.quote).toBe(quote);
    expect(entry.key.value).toBe("A");
    expect(cut(entry.key.span)).toBe("A");
    expect(cut(entry.raw.span)).toBe(entry.raw.value);
  });

  test("the value of one line never runs into the next", () => {
    const { entries, problems } = parse("DB_PASSWORD=\nDB_ENABLED=1\n");
    expect(entries.map(({ key, value }) => [key.value, value])).toEqual([
      ["DB_PASSWORD", ""],
      ["DB_ENABLED", "1"],
    ]);
    expect(entries[0]!.raw.span).toMatchObject({ start: 12, end: 12 });
    expect(problems).toEqual([]);
  });

  test("a quoted value may have several lines", () => {
    const { entries } = parse('KEY="-----BEGIN\nabc\n-----END" # pem\nB=2\n');
    expect(entries.map(({ key }) => key.value)).toEqual(["KEY", "B"]);
    expect(entries[0]!.value).toBe("-----BEGIN\nabc\n-----END");
    expect(cut(entries[0]!.comment!)).toBe("# pem");
  });
});

describe("what stands around a value", () => {
  test("export, separator and spans", () => {
    const entry = only("  export  X.Y-Z = 'v'  # c  ");
    expect(entry).toMatchObject({ exported: true, separator: "=", value: "v" });
    expect(cut(entry.key.span)).toBe("X.Y-Z");
    expect(cut(entry.span)).toBe("export  X.Y-Z = 'v'  # c");
    expect(cut(entry.comment!)).toBe("# c");
  });

  test("a key called export is a key", () => {
    expect(only("export=1").key.value).toBe("export");
    expect(only("export = 1").exported).toBe(false);
  });

  test("a key alone is inherited", () => {
    const entry = only("HOME\n");
    expect(entry).toMatchObject({ separator: "none", value: "" });
    expect(cut(entry.span)).toBe("HOME");
  });

  test("text behind a closing quote is kept apart", () => {
    const entry = only('V="x" y');
    expect(entry.value).toBe("x");
    expect(cut(entry.rest!)).toBe("y");
  });

  test("comments of whole lines", () => {
    const { comments, entries } = parse("# one\n\n  #two \nA=1\n#");
    expect(comments.map(cut)).toEqual(["# one", "#two", "#"]);
    expect(entries).toHaveLength(1);
  });

  test("duplicates and names of JavaScript's own stay entries", () => {
    const { entries } = parse("A=1\n__proto__=x\nconstructor=y\nA=2\n");
    expect(entries.map(({ key }) => key.value)).toEqual(["A", "__proto__", "constructor", "A"]);
  });
});

describe("problems", () => {
  test("an unterminated quote has its place, and the lines below are still read", () => {
    const { entries, problems } = parse('A=1\nPASSWORD="open\nB=2\nC="x"\n');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      kind: "unreadable",
      message: "value of PASSWORD opens a quote that is never closed",
    });
    expect(cut(problems[0]!.span)).toBe('"open');
    expect(entries.map(({ key, value }) => [key.value, value])).toEqual([
      ["A", "1"],
      ["PASSWORD", '"open'],
      ["B", "2"],
      ["C", "x"],
    ]);
    expect(entries[1]!.unterminated).toBe(true);
  });

  test.each(["A='x", 'A="', 'A="x\\"'])("%j is never closed", (text) => {
    expect(parse(text).problems).toHaveLength(1);
  });

  test("a lone backtick is no quote for Compose and no problem", () => {
    expect(parse("A=`x").problems).toEqual([]);
    expect(only("A=`x").value).toBe("`x");
  });

  test("lines that are no assignment, neighbours as one problem", () => {
    const { problems, entries } = parse("A=1\n<<<<<<< HEAD\na line that is prose=1\n\nB=2\n// no\n");
    expect(problems.map(({ span }) => cut(span))).toEqual(["<<<<<<< HEAD\na line that is prose=1", "// no"]);
    expect(entries.map(({ key }) => key.value)).toEqual(["A", "B"]);
  });

  test.each([
    ["FOO BAR=1", "FOO BAR", "1"],
    ["FOO*BAR = 'x y' # c", "FOO*BAR", "x y"],
    ["*FOO=1", "*FOO", "1"],
    ["export A B=1", "A B", "1"],
  ])("%j has a name that is none, and no problem", (text, key, raw) => {
    const { problems, entries, misnamed } = parse(`A=1\n${text}\nB=2\n`);
    expect(misnamed.map((entry) => [cut(entry.key.span), cut(entry.raw.span)])).toEqual([[key, raw]]);
    expect(problems).toEqual([]);
    expect(entries.map(({ key }) => key.value)).toEqual(["A", "B"]);
  });

  test.each(["MIIEvQ/BADAN+Bgkq==", "if (a=1)", "one two three four=5"])("%j is no assignment", (text) => {
    expect(parse(text)).toMatchObject({ misnamed: [], problems: [{ kind: "unreadable" }] });
  });

  test("binary junk is one problem", () => {
    const { problems, entries } = parse("A=1\n\u0000\u0001\u0002\nB=2\n\u0000");
    expect(entries).toEqual([]);
    expect(problems).toMatchObject([{ message: "file is not text", span: { start: 4, end: 5 } }]);
  });

  test("an empty file is fine", () => {
    for (const text of ["", "\uFEFF", "\n\n", " \t"])
      expect(parse(text)).toEqual({ entries: [], misnamed: [], comments: [], problems: [] });
  });
});
