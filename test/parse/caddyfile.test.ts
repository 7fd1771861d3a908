import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CaddyDirective, parseCaddyfile } from "../../src/parse/caddyfile.ts";
import { sourceFile } from "../source-file.ts";

const parse = (text: string) => parseCaddyfile(sourceFile("Caddyfile", text));
const cut = ({ span: { file, start, end } }: { span: { file: { text: string }; start: number; end: number } }) =>
  file.text.slice(start, end);

type Plain = readonly (string | readonly Plain[])[];
const plain = (directives: readonly CaddyDirective[]): Plain[] =>
  directives.map(({ words, block }) => [...words.map(({ value }) => value), ...(block ? [plain(block)] : [])]);

describe("lines", () => {
  it.each<[string, string, Plain[]]>([
    ["a site", "example.com {\n\trespond hi\n}\n", [["example.com", [["respond", "hi"]]]]],
    ["no braces", "example.com\nrespond hi", [["example.com"], ["respond", "hi"]]],
    ["addresses over lines", "a.com,\nb.com {\n}\n", [["a.com,", "b.com", []]]],
    ["global options", "{\n\temail a@b.c\n}\n:80 {\n}\n", [[[["email", "a@b.c"]]], [":80", []]]],
    ["placeholders", "redir https://{host}{uri} {$CODE:301}", [["redir", "https://{host}{uri}", "{$CODE:301}"]]],
    ["quotes", 'header A "b \\"c\\" {x}" `d "e`', [["header", "A", 'b "c" {x}', 'd "e']]],
    ["comments", "# a {\nb # c\nd#e", [["b"], ["d#e"]]],
    ["line continuation", "header \\\n  A b", [["header", "A", "b"]]],
    ["nested blocks", "a {\n b {\n  c\n }\n d\n}", [["a", [["b", [["c"]]], ["d"]]]]],
    ["heredoc", "respond <<HTML\n  <p>{</p>\n  }\n  HTML 200\nx", [["respond", "<p>{</p>\n}", "200"], ["x"]]],
    ["CRLF and BOM", "\ufeffa {\r\n\tb c\r\n}\r\n", [["a", [["b", "c"]]]]],
    ["empty braces stay a word", "basic_auth {}", [["basic_auth", "{}"]]],
  ])("%s", (_, text, expected) => {
    const tree = parse(text);
    expect(plain(tree.directives)).toEqual(expected);
    expect(tree.problems).toEqual([]);
  });

  it("has spans without quotes", () => {
    const [site] = parse('a.com {\n  header X-A "b c"\n}\n').directives;
    expect(site!.block![0]!.words.map(cut)).toEqual(["header", "X-A", "b c"]);
    expect(cut(site!)).toBe('a.com {\n  header X-A "b c"\n}');
  });
});

describe("defects are problems at the token that opens them", () => {
  it.each([
    ["block", "a {\n b\n", "{", 'block "a" is never closed: "}" expected'],
    ["quote", 'a "b\n', '"', 'string is never closed: " expected'],
    ["backtick", "a `b\n", "`", "string is never closed: ` expected"],
    ["heredoc", "a <<END\nb\n", "<<END", "string is never closed: END expected"],
    ["brace", "a\n}\n", "}", '"}" closes no block'],
  ])("%s", (_, text, at, message) => {
    const [problem] = parse(text).problems;
    expect(problem).toMatchObject({ kind: "unreadable", message });
    expect(cut(problem!)).toBe(at);
  });

  it("sees a template", () => {
    expect(parse("{{ domain }} {\n}\n")).toMatchObject({ directives: [], problems: [{ kind: "template" }] });
  });
});

it("is total", () => {
  const piece = fc.constantFrom("a", " ", "\n", "{", "}", '"', "`", "\\", "#", "<<E", "E", ",", "{$A}", "\r");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      for (const { span } of parse(text).directives) expect(span.end).toBeLessThanOrEqual(text.length);
    }),
  );
});

it.each(['"', "{\n", "a ", "\\", "<<A\n", "a{\n}\n", "`"])("is linear in %j", (piece) => {
  const text = piece.repeat(500_000 / piece.length);
  const start = performance.now();
  parse(text);
  expect(performance.now() - start).toBeLessThan(2_000);
});
