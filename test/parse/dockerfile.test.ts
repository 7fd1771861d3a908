import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Span } from "../../src/model.ts";
import { parseDockerfile } from "../../src/parse/dockerfile.ts";
import { sourceFile } from "../source-file.ts";

const parse = (text: string) => parseDockerfile(sourceFile("Dockerfile", text));
const cut = ({ file, start, end }: Span) => file.text.slice(start, end);
const keywords = (text: string) => parse(text).instructions.map(({ keyword }) => keyword);
/** The second instruction, behind `FROM a`. */
const second = (text: string) => parse(`FROM a\n${text}`).instructions[1]!;
const words = (text: string) => second(text).arguments.map(({ value }) => value);

describe("lines", () => {
  test.each([
    ["lower case", "from a\nuser x\n", ["FROM", "USER"]],
    ["CRLF and BOM", "\uFEFFFROM a\r\nRUN b \\\r\n  c\r\nUSER x\r\n", ["FROM", "RUN", "USER"]],
    ["comments and blank lines in a continuation", "FROM a\nRUN b \\\n  # c\\\n\n  d\nUSER x", ["FROM", "RUN", "USER"]],
    [
      "a comment behind nothing but an escape",
      "FROM a\nRUN \\\n# comment\\comment\n b\nUSER x",
      ["FROM", "RUN", "USER"],
    ],
    ["an escaped escape does not continue", "FROM a\nRUN b \\\\\nUSER x", ["FROM", "RUN", "USER"]],
    ["blanks behind the escape", "FROM a\nRUN b \\  \nUSER x", ["FROM", "RUN"]],
    ["the escape directive", "# escape=`\nFROM a\nRUN b `\n c\nCOPY d\\ e\\\nUSER x", ["FROM", "RUN", "COPY", "USER"]],
    ["directives in any order", "# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN b `\n c", ["FROM", "RUN"]],
    ["no directive behind a comment", "# hello\n# escape=`\nFROM a\nRUN b \\\n c", ["FROM", "RUN"]],
    ["an escape at the end of the file", "FROM a\nRUN b \\\n", ["FROM", "RUN"]],
  ])("%s", (_, text, expected) => {
    expect(keywords(text)).toEqual(expected);
    expect(parse(text).problems).toEqual([]);
  });

  test("text and places of a continued instruction", () => {
    const run = second('RUN apt-get update \\\n # why\n\n  && apt-get install "a b" \\\n  c\nUSER x');
    expect(run.text).toBe('apt-get update   && apt-get install "a b"   c');
    expect(run.arguments.map(({ value }) => value)).toEqual([
      "apt-get",
      "update",
      "&&",
      "apt-get",
      "install",
      "a b",
      "c",
    ]);
    expect(run.arguments.map(({ span }) => cut(span))).toEqual(run.arguments.map(({ value }) => value));
    expect(cut(run.span)).toMatch(/^RUN[\s\S]* {2}c$/);
    expect(cut(run.keywordSpan)).toBe("RUN");
  });
});

describe("heredocs", () => {
  test.each([
    ["RUN <<EOF\nUSER root\n\nEOF"],
    ["RUN cat << 'EOF' > /x\nUSER root\nADD http://x /y\nEOF"],
    ['RUN <<-"EOF" sh\n\tUSER root\n\tEOF'],
    ["RUN 3<<EOF cat\nUSER root\nEOF"],
    ['RUN <<E"O"F\nUSER root\nEOF'],
    ['COPY <<-"A" <<B /dst/\n\thello\n\tA\nUSER root\nB'],
    ["ONBUILD RUN <<EOF\nUSER root\nEOF"],
    ["RUN --mount=type=cache,target=/x <<EOF\nUSER root\nEOF"],
    ["RUN a \\\n # c\n b <<EOF\nUSER root\nEOF"],
  ])("%j holds no instruction", (text) => {
    const { instructions, problems } = parse(`FROM a\n${text}\nUSER app\n`);
    expect(instructions.map(({ keyword }) => keyword)).toEqual(["FROM", text.split(" ")[0], "USER"]);
    expect(instructions[2]!.text).toBe("app");
    expect(cut(instructions[1]!.span)).toBe(text);
    expect(instructions[1]!.text).toContain("USER root");
    expect(problems).toEqual([]);
  });

  test.each([
    'RUN echo $((1<<2)) && cat <<<"x"',
    'RUN ["<<EOF"]',
    'RUN echo "<<EOF"',
    "RUN a<<EOF",
    "HEALTHCHECK CMD <<EOF",
    "ENV A=<<EOF",
  ])("%j opens none", (text) =>
    expect(keywords(`FROM a\n${text}\nUSER app\n`)).toEqual(["FROM", text.split(" ")[0], "USER"]),
  );

  test("one that is never closed takes the rest of the file, and is a problem", () => {
    const { instructions, problems } = parse("FROM a\nRUN <<EOF\nUSER app\n");
    expect(instructions.map(({ keyword }) => keyword)).toEqual(["FROM", "RUN"]);
    expect(problems).toMatchObject([{ message: "heredoc EOF is never closed", span: { start: 7, end: 10 } }]);
  });

  test("a script's words are arguments, a file's are not", () => {
    expect(words("RUN <<EOF\nset -e # c\nsudo 'a b'\nEOF")).toEqual(["<<EOF", ";", "set", "-e", ";", "sudo", "a b"]);
    expect(words("RUN cat <<EOF\nsudo\nEOF")).toEqual(["cat", "<<EOF"]);
    const sudo = second("RUN <<EOF\nset -e\nsudo x\nEOF").arguments.find(({ value }) => value === "sudo")!;
    expect(cut(sudo.span)).toBe("sudo");
  });
});

describe("arguments", () => {
  test.each([
    ["COPY --from=b --chown=1:2 a b /c/", ["a", "b", "/c/"]],
    ["RUN a&&b; c | d || e 2>&1", ["a", "&&", "b", ";", "c", "|", "d", "||", "e", "2>&1"]],
    ["EXPOSE 80 443/udp", ["80", "443/udp"]],
    ["USER   app  # no comment", ["app  # no comment"]],
    ["ENV A=x;y|z", ["A=x;y|z"]],
    ["CMD gunicorn 'a b' c\\ d", ["gunicorn", "a b", "c d"]],
  ])("%j", (text, expected) => expect(words(text)).toEqual(expected));

  test("flags", () => {
    const { flags } = second("RUN --mount=type=secret,id=a --network=none --security=insecure x --y=z");
    expect(flags.map(({ name, value }) => [name, value])).toEqual([
      ["mount", "type=secret,id=a"],
      ["network", "none"],
      ["security", "insecure"],
    ]);
    expect(flags.map(({ span }) => cut(span))).toEqual([
      "--mount=type=secret,id=a",
      "--network=none",
      "--security=insecure",
    ]);
  });

  test.each([
    ['CMD ["a","b c"]', true, ["a", "b c"]],
    ['CMD [ "a", "\\"q\\"" ]', true, ["a", '"q"']],
    ['HEALTHCHECK --interval=5s CMD ["curl", "-f", "x"]', true, ["CMD", "curl", "-f", "x"]],
    ['COPY ["a b", "/c"]', true, ["a b", "/c"]],
    ['CMD ["a", \\\n  "b"]', true, ["a", "b"]],
    ["CMD ['a']", false, ["[a]"]],
    ['CMD ["a", ]', false, ["[a,", "]"]],
    ["CMD a b", false, ["a", "b"]],
    ["RUN [ -f x ]", false, ["[", "-f", "x", "]"]],
  ])("%j: the JSON form is what JSON.parse takes", (text, json, expected) => {
    expect(second(text).json).toBe(json);
    expect(words(text)).toEqual(expected);
  });

  test("places of JSON strings leave the quotes out", () => {
    expect(second('CMD ["a", "b c"]').arguments.map(({ span }) => cut(span))).toEqual(["a", "b c"]);
  });

  test("pairs of ENV, ARG and LABEL", () => {
    const pairs = (text: string) =>
      second(text).pairs.map(({ name, value }) => [name.value, value?.value, value && cut(value.span)]);
    expect(pairs("ENV A=1 B=\"x y\" C='z' D=d\\ e F=")).toEqual([
      ["A", "1", "1"],
      ["B", "x y", "x y"],
      ["C", "z", "z"],
      ["D", "d e", "d\\ e"],
      ["F", "", ""],
    ]);
    expect(pairs("ENV A b  c # d")).toEqual([["A", "b  c # d", "b  c # d"]]);
    expect(pairs("ARG A B=2")).toEqual([
      ["A", undefined, undefined],
      ["B", "2", "2"],
    ]);
    expect(pairs("ENV A=1 \\\n  B=a=b")).toEqual([
      ["A", "1", "1"],
      ["B", "a=b", "a=b"],
    ]);
  });
});

describe("stages", () => {
  test("names, images and instructions", () => {
    const { stages } = parse(
      "ARG V=1\nFROM --platform=linux/amd64 reg:5000/a/b:$V AS build\nRUN x\nFROM build as Run\nUSER u\n",
    );
    expect(
      stages.map(({ index, name, image, instructions }) => [index, name?.value, image.value, instructions.length]),
    ).toEqual([
      [0, "build", "reg:5000/a/b:$V", 2],
      [1, "Run", "build", 2],
    ]);
    expect(cut(stages[0]!.image.span)).toBe("reg:5000/a/b:$V");
    expect(cut(stages[1]!.name!.span)).toBe("Run");
  });
});

describe("problems", () => {
  test.each([
    ["", "file holds no instruction", ""],
    ["# only a comment\n", "file holds no instruction", ""],
    ["RUN x\nUSER y\n", "no FROM instruction: the file builds no image", "RUN"],
    ["ARG A\n", "no FROM instruction: the file builds no image", "ARG"],
    ["RUN x\nFROM a\n", "no FROM instruction before RUN", "RUN"],
    ["FROM a\nFOO bar\n", "unknown instruction FOO", "FOO"],
    ["FROM\nRUN x\n", "FROM names no image", "FROM"],
    ["FROM a\n\u0000\u0001", "file is not text", "\u0000"],
  ])("%j: %s", (text, message, place) => {
    const { problems } = parse(text);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    expect(problems[0]!.kind).toBe("unreadable");
    expect(cut(problems[0]!.span)).toBe(place);
  });

  test("a template is one problem of its kind", () => {
    expect(parse("FROM a\n{% if x %}\nRUN y\n{% endif %}\n").problems).toMatchObject([
      { kind: "template", span: { start: 7 } },
    ]);
  });
});

const fragment = fc.constantFrom(
  ...[
    "FROM a",
    "RUN",
    "COPY",
    "ENV A=1",
    "USER",
    "CMD",
    "foo",
    "--x=y",
    " ",
    "\n",
    "\n",
    "\r\n",
    " \\\n",
    "\\",
    "# c\n",
    "#",
    "'",
    '"',
  ],
  ...[
    "<<EOF",
    "<< 'EOF'",
    "\nEOF\n",
    '["a","b c"]',
    "[",
    "]",
    "${X:-y}",
    "$",
    "&&",
    ";",
    "a",
    "b",
    "=",
    "\t",
    "`",
    "\ufeff",
  ],
);
const source = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(""));

describe("properties", () => {
  test("total, and every place lies in its instruction, in order", () => {
    fc.assert(
      fc.property(fc.oneof(source, fc.string({ unit: "binary" })), (text) => {
        let end = 0;
        for (const { span, keywordSpan, arguments: found, flags, keyword } of parse(text).instructions) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          end = span.end;
          expect(
            cut(keywordSpan)
              .replace(/[\\`][\s\S]*?\n/g, "")
              .toUpperCase()
              .startsWith(keyword[0]!),
          ).toBe(true);
          for (const place of [keywordSpan, ...found.map((word) => word.span), ...flags.map((flag) => flag.span)]) {
            expect(place.start >= span.start && place.start <= place.end && place.end <= span.end).toBe(true);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("instructions of plain files are dockerfile-ast's", () => {
    const argument = fc.constantFrom("a", "b=c", "--x=y", '"q r"', "&&", "80", "/x/", "\\\n  d", "\\\n# c\n e");
    const keyword = fc.constantFrom("RUN", "copy", "ENV A=1", "LABEL x=y", "EXPOSE 80", "USER u", "Cmd");
    const instruction = fc
      .tuple(keyword, fc.array(argument, { maxLength: 5 }))
      .map(([word, rest]) => [word, ...rest].join(" "));
    fc.assert(
      fc.property(fc.array(instruction, { maxLength: 8 }), (lines) => {
        const text = ["FROM a", ...lines, ""].join("\n");
        const expected = DockerfileParser.parse(text).getInstructions();
        const tree = parse(text);
        expect(tree.instructions.map(({ keyword: word }) => word)).toEqual(expected.map((node) => node.getKeyword()));
        expect(tree.instructions.map(({ span }) => text.slice(0, span.start).split("\n").length - 1)).toEqual(
          expected.map((node) => node.getRange().start.line),
        );
      }),
      { numRuns: 500 },
    );
  });
});

test("the worst texts are read in linear time", () => {
  const size = 1 << 17;
  const worst = ["RUN a\n", "RUN <<A\nA\n", "FOO\n", "COPY . .\n", "FROM a\n", "ENV a=$a\n"].map((part) =>
    part.repeat(size / part.length),
  );
  const long = [" \\\n a", "\\\n", "# c\n", " a=b", "a ", "<<A ", "<< ", "1", '["a",', '"', "${a:-", "--a ", "\\"].map(
    (part) => `RUN x \\\n${part.repeat(size / part.length)}`,
  );
  for (const text of [...worst, ...long, `CMD [${'"a",'.repeat(size / 4)}"b"]`]) {
    const start = performance.now();
    parse(`FROM a\n${text}`);
    expect(performance.now() - start).toBeLessThan(1000);
  }
}, 30_000);
