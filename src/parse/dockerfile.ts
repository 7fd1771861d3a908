/**
 * Dockerfile and Containerfile → instructions with places, grouped by stage. The grammar is BuildKit's
 * (Dockerfile reference); nothing is expanded here.
 */
import type { Instruction, Located, Problem, SourceFile, Span } from "../model.ts";
import { countBefore } from "../sorted.ts";
import { type Heredoc, jsonStrings, type LogicalLine, logicalLines } from "./dockerfile-lines.ts";
import { flagsOf, jsonTokens, skipSpace, type Token, tokenOf, tokens } from "./dockerfile-words.ts";

/** An argument: `value` without quotes and escapes, `raw` as written with continuations removed. */
export interface Word extends Located<string> {
  readonly raw: string;
}

/** `NAME=value`, `NAME value` of the old form, or a bare `NAME`, in ENV, ARG and LABEL. */
export interface Pair {
  readonly name: Word;
  readonly value?: Word;
}

export interface DockerfileInstruction extends Instruction {
  readonly arguments: readonly Word[];
  readonly pairs: readonly Pair[];
}

export interface DockerfileStage {
  readonly index: number;
  /** Behind `AS`, as written. */
  readonly name?: Located<string>;
  readonly from: DockerfileInstruction;
  /** The image or stage it starts from, as written. */
  readonly image: Word;
  /** `from` is the first. */
  readonly instructions: readonly DockerfileInstruction[];
}

export interface DockerfileTree {
  /** All of them, in order, also those before the first FROM. */
  readonly instructions: readonly DockerfileInstruction[];
  readonly stages: readonly DockerfileStage[];
  /** Character that escapes and continues lines, by the `escape` directive. */
  readonly escape: "\\" | "`";
  readonly problems: readonly Problem[];
}

const KEYWORDS: ReadonlySet<string> = new Set([
  ...["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"],
  ...["ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"],
]);
const PAIRED: ReadonlySet<string> = new Set(["ENV", "ARG", "LABEL"]);
const JSON_FORMS: ReadonlySet<string> = new Set(["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"]);
/** Instructions that hand their arguments to a shell unless they are JSON. */
const SHELL_FORMS: ReadonlySet<string> = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"]);
/** A heredoc that is the script itself, and not the input of a command. */
const SCRIPT = /^\d*<<-?\s*\S+(?:\s+(?:ba|da|a|z|k)?sh\b.*)?$/;
/** Instructions whose rest is one argument, blanks included. */
const WHOLE: ReadonlySet<string> = new Set(["USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER"]);

/** Parses one file. Total: never throws; linear in the text. Offsets are UTF-16 code units. */
export function parseDockerfile(file: SourceFile): DockerfileTree {
  const { text } = file;
  const nothing = { instructions: [], stages: [], escape: "\\" } as const;
  const problem = (start: number, end: number, message: string, kind: Problem["kind"] = "unreadable"): Problem => ({
    kind,
    span: { file, start, end },
    message,
  });
  const binary = /[\0-\x08\x0e-\x1a\x1c-\x1f\uFFFD]/.exec(text);
  if (binary) return { ...nothing, problems: [problem(binary.index, binary.index + 1, "file is not text")] };
  const template = /^[ \t]*(?:\{\{|\{%|<%)/m.exec(text);
  if (template) {
    const end = template.index + template[0].length;
    const message = "file is a template that must be rendered before it can be checked";
    return { ...nothing, problems: [problem(end - 2, end, message, "template")] };
  }

  const { escape: escaping, lines } = logicalLines(text);
  const problems: Problem[] = [];
  const instructions: DockerfileInstruction[] = [];
  for (const line of lines) {
    const instruction = instructionOf(file, line, escaping);
    const { keyword, keywordSpan, span } = instruction;
    if (!KEYWORDS.has(keyword)) {
      problems.push(problem(keywordSpan.start, keywordSpan.end, `unknown instruction ${shown(instruction)}`));
      continue;
    }
    instructions.push(instruction);
    if (line.unterminated !== undefined) {
      problems.push(problem(keywordSpan.start, keywordSpan.end, `heredoc ${line.unterminated} is never closed`));
    }
    if (keyword === "FROM" && !instruction.arguments.length) {
      problems.push(problem(span.start, span.end, "FROM names no image"));
    }
  }

  const stages = stagesOf(instructions);
  if (!lines.length) problems.push(problem(0, 0, "file holds no instruction"));
  else if (!instructions.some(({ keyword }) => keyword === "FROM")) {
    const [first] = instructions;
    const at = first?.keywordSpan ?? problems[0]!.span;
    problems.push(problem(at.start, at.end, "no FROM instruction: the file builds no image"));
  } else {
    const early = instructions.find(({ keyword }) => keyword !== "ARG");
    if (early && early.keyword !== "FROM") {
      const { start, end } = early.keywordSpan;
      problems.push(problem(start, end, `no FROM instruction before ${early.keyword}`));
    }
  }
  return { instructions, stages, escape: escaping, problems };
}

const shown = ({ keywordSpan: { file, start, end } }: Instruction): string =>
  file.text.slice(start, Math.min(end, start + 40));

function stagesOf(instructions: readonly DockerfileInstruction[]): readonly DockerfileStage[] {
  const stages: DockerfileStage[] = [];
  let body: DockerfileInstruction[] | undefined;
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") {
      const [image, as, name] = instruction.arguments;
      if (!image) {
        body = undefined;
        continue;
      }
      body = [instruction];
      const named = as?.value.toLowerCase() === "as" && name ? { name: { value: name.value, span: name.span } } : {};
      stages.push({ index: stages.length, from: instruction, image, instructions: body, ...named });
    } else body?.push(instruction);
  }
  return stages;
}

function instructionOf(file: SourceFile, line: LogicalLine, escaping: string): DockerfileInstruction {
  const { text } = line;
  const source = placesOf(line.pieces);
  /** Span of `text.slice(from, to)`: where its first and its last character stand. */
  const span = (from: number, to: number): Span => {
    const start = source(from);
    return { file, start, end: to > from ? source(to - 1) + 1 : start };
  };
  const word = (token: Token): Word => ({
    value: token.value,
    raw: text.slice(token.start, token.end),
    span: span(token.start + token.quoted, token.end - token.quoted),
  });

  const keywordEnd = (text.search(/\s/) + 1 || text.length + 1) - 1;
  const keyword = text.slice(0, keywordEnd).toUpperCase();
  const { flags, end: flagsEnd } = flagsOf(text, keywordEnd);
  const end = text.trimEnd().length;
  const start = Math.min(flagsEnd, end);
  const written = text.slice(start, end);

  const json = jsonForm(keyword, written);
  const found = json
    ? [
        ...tokens(text, start, start + json.at, escaping, "literal"),
        ...jsonTokens(text, start + json.at, end, json.strings),
      ]
    : WHOLE.has(keyword)
      ? written
        ? [tokenOf(text, start, end, escaping)]
        : []
      : tokens(text, start, end, escaping, SHELL_FORMS.has(keyword) ? "shell" : "literal");
  const script = keyword === "RUN" && !json && SCRIPT.test(written) ? line.heredocs.slice(0, 1) : [];
  const bodies = line.heredocs.map((body) => `\n${file.text.slice(body.start, body.end)}${body.name}`);
  return {
    keyword,
    span: { file, start: source(0), end: Math.max(line.end, source(0)) },
    keywordSpan: span(0, keywordEnd),
    text: written + bodies.join(""),
    arguments: [...found.map(word), ...script.flatMap((body) => scriptWords(file, body))],
    flags: flags.map(({ name, value, start, end }) => ({ name, value, span: span(start, end) })),
    json: json !== undefined,
    pairs: PAIRED.has(keyword) ? pairsOf(keyword, text, end, found, escaping).map((pair) => mapPair(pair, word)) : [],
  };
}

/** Offset in the file of an offset in the joined text. */
function placesOf(pieces: LogicalLine["pieces"]): (joined: number) => number {
  return (joined) => {
    const piece = pieces[Math.max(0, countBefore(pieces, (each) => each.joined <= joined) - 1)]!;
    return piece.source + joined - piece.joined;
  };
}

/** A JSON array as the arguments, or behind `HEALTHCHECK CMD`; `at` is its offset in them. */
function jsonForm(keyword: string, written: string): { strings: readonly string[]; at: number } | undefined {
  const at =
    keyword === "HEALTHCHECK" ? (/^cmd\s+/i.exec(written)?.[0].length ?? -1) : JSON_FORMS.has(keyword) ? 0 : -1;
  const strings = at < 0 ? undefined : jsonStrings(written.slice(at));
  return strings && { strings, at };
}

/** Words of a heredoc that a shell runs; the end of a line separates commands as `;` does. */
function scriptWords(file: SourceFile, { start, end }: Heredoc): readonly Word[] {
  const words: Word[] = [];
  for (let at = start; at < end; ) {
    const newline = file.text.indexOf("\n", at);
    const lineEnd = newline < 0 || newline >= end ? end : newline;
    words.push({ value: ";", raw: ";", span: { file, start: at - 1, end: at } });
    for (const token of tokens(file.text, at, lineEnd, "\\", "shell")) {
      if (token.value.startsWith("#")) break;
      const span = { file, start: token.start + token.quoted, end: token.end - token.quoted };
      words.push({ value: token.value, raw: file.text.slice(token.start, token.end), span });
    }
    at = lineEnd + 1;
  }
  return words;
}

interface TokenPair {
  readonly name: Token;
  readonly value?: Token;
}

const mapPair = ({ name, value }: TokenPair, word: (token: Token) => Word): Pair =>
  value ? { name: word(name), value: word(value) } : { name: word(name) };

/** In the old form of ENV and LABEL everything behind the name is the value, quotes and all. */
function pairsOf(
  keyword: string,
  text: string,
  end: number,
  found: readonly Token[],
  escaping: string,
): readonly TokenPair[] {
  const [first] = found;
  if (first && keyword !== "ARG" && !text.slice(first.start, first.end).includes("=")) {
    const from = skipSpace(text, first.end);
    return [from < end ? { name: first, value: tokenOf(text, from, end, escaping) } : { name: first }];
  }
  return found.map((token) => {
    const equals = text.slice(token.start, token.end).indexOf("=");
    if (equals < 0) return { name: token };
    const at = token.start + equals;
    return { name: tokenOf(text, token.start, at, escaping), value: tokenOf(text, at + 1, token.end, escaping) };
  });
}
