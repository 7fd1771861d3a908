import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NginxDirective, parseNginx } from "../../src/parse/nginx.ts";
import { sourceFile } from "../source-file.ts";

const parse = (text: string) => parseNginx(sourceFile("nginx.conf", text));
const cut = ({ span: { file, start, end } }: { span: { file: { text: string }; start: number; end: number } }) =>
  file.text.slice(start, end);

type Plain = readonly (string | readonly Plain[])[];
const plain = (directives: readonly NginxDirective[]): Plain[] =>
  directives.map((directive) => [
    directive.name.value,
    ...directive.arguments.map(({ value }) => value),
    ...(directive.block ? [plain(directive.block)] : []),
  ]);

describe("words", () => {
  it.each<[string, string, Plain[]]>([
    ["simple", "listen 80;", [["listen", "80"]]],
    ["quotes", `add_header X-A "a b;{}" 'c "d"';`, [["add_header", "X-A", "a b;{}", 'c "d"']]],
    ["escapes in quotes", String.raw`log_format m "a \"b\" \d";`, [["log_format", "m", String.raw`a "b" \d`]]],
    ["a quote inside a word", `set $a it's;`, [["set", "$a", "it's"]]],
    ["comments", "# one\nlisten 80; # two; {\n#}\n", [["listen", "80"]]],
    ["# inside a word", "return 301 /a#b;", [["return", "301", "/a#b"]]],
    ["several lines", "server_name a\n  b\n  c;", [["server_name", "a", "b", "c"]]],
    ["braced variables", "proxy_pass http://${host}:${PORT}/x;", [["proxy_pass", "http://${host}:${PORT}/x"]]],
    ["blocks", "http{server{listen 80;}}", [["http", [["server", [["listen", "80"]]]]]]],
    ["if", 'if ($a = "b") { return 403; }', [["if", "($a", "=", "b", ")", [["return", "403"]]]]],
    ["regex", String.raw`location ~ \.php$ { deny all; }`, [["location", "~", String.raw`\.php$`, [["deny", "all"]]]]],
    [
      "map",
      'map $o $c { default ""; "~^x" 1; }',
      [
        [
          "map",
          "$o",
          "$c",
          [
            ["default", ""],
            ["~^x", "1"],
          ],
        ],
      ],
    ],
    [
      "Lua",
      'location / { content_by_lua_block { local t = {a="}"} -- }\n --[[ } ]] x = [==[ } ]==] } deny all; }',
      [
        [
          "location",
          "/",
          [
            ["content_by_lua_block", []],
            ["deny", "all"],
          ],
        ],
      ],
    ],
    [
      "set_by_lua_block has an argument",
      "set_by_lua_block $a { return '{' } listen 80;",
      [
        ["set_by_lua_block", "$a", []],
        ["listen", "80"],
      ],
    ],
    [
      "CRLF and BOM",
      "\ufefflisten 80;\r\nlisten 81;\r\n",
      [
        ["listen", "80"],
        ["listen", "81"],
      ],
    ],
    ["nothing", "", []],
  ])("%s", (_, text, expected) => {
    const tree = parse(text);
    expect(plain(tree.directives)).toEqual(expected);
    expect(tree.problems).toEqual([]);
  });

  it("has the span of each word without its quotes and of the whole directive", () => {
    const [server] = parse('server {\n  add_header X-A "a b" always;\n}\n').directives;
    const [header] = server!.block!;
    expect(cut(header!.name)).toBe("add_header");
    expect(header!.arguments.map(cut)).toEqual(["X-A", "a b", "always"]);
    expect(cut(header!)).toBe('add_header X-A "a b" always;');
    expect(cut(server!)).toBe('server {\n  add_header X-A "a b" always;\n}');
  });
});

describe("defects are problems at the token that opens them", () => {
  it.each<[string, string, string, string, Plain[]]>([
    [
      "block",
      "http { server { listen 80; }",
      "{",
      'block "http" is never closed: "}" expected',
      [["http", [["server", [["listen", "80"]]]]]],
    ],
    [
      "quote",
      'listen 80;\nadd_header A "b;\n',
      '"',
      'string is never closed: " expected',
      [
        ["listen", "80"],
        ["add_header", "A"],
      ],
    ],
    [
      "Lua block",
      "listen 80; init_by_lua_block { x = {} ",
      "{",
      'block "init_by_lua_block" is never closed: "}" expected',
      [
        ["listen", "80"],
        ["init_by_lua_block", []],
      ],
    ],
    [
      "semicolon",
      "server { listen 80 }",
      "listen",
      'directive "listen" is not ended by ";"',
      [["server", [["listen", "80"]]]],
    ],
    ["semicolon at the end", "listen 80", "listen", 'directive "listen" is not ended by ";"', [["listen", "80"]]],
    ["brace", "listen 80; }", "}", '"}" closes no block', [["listen", "80"]]],
  ])("%s", (_, text, at, message, expected) => {
    const { directives, problems } = parse(text);
    expect(problems[0]).toMatchObject({ kind: "unreadable", message });
    expect(cut(problems[0]!)).toBe(at);
    expect(plain(directives)).toEqual(expected);
  });

  it("refuses absurd nesting", () => {
    const { problems } = parse("a { ".repeat(10_000));
    expect(problems[0]!.message).toMatch(/nested/);
  });

  it.each(["server_name {{ host }};", "{% if x %}\nlisten 80;\n{% endif %}"])("sees a template: %s", (text) => {
    expect(parse(text)).toMatchObject({ directives: [], problems: [{ kind: "template" }] });
  });
});

it("is total, and every span lies in the text", () => {
  const piece = fc.constantFrom(
    "a",
    " ",
    "\n",
    ";",
    "{",
    "}",
    '"',
    "'",
    "\\",
    "#",
    "$",
    "${",
    "x_by_lua_block",
    "[[",
    "--",
    "é",
    "\r",
  );
  const check = (directives: readonly NginxDirective[], text: string): void => {
    for (const { name, arguments: rest, block, span } of directives) {
      for (const word of [name, ...rest]) {
        expect(word.span.start).toBeGreaterThanOrEqual(span.start);
        expect(word.span.end).toBeLessThanOrEqual(span.end);
      }
      expect(span.end).toBeLessThanOrEqual(text.length);
      if (block) check(block, text);
    }
  };
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join("");
      check(parse(text).directives, text);
    }),
  );
});

it.each(['"', "{", "a_by_lua_block { [", "a ", "${", "\\", "a{}", "[=", "--[["])("is linear in %j", (piece) => {
  const text = piece.repeat(500_000 / piece.length);
  const start = performance.now();
  parse(text);
  expect(performance.now() - start).toBeLessThan(2_000);
});
