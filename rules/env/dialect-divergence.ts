import { defineRule, type EnvDialect, type EnvFile, type EnvLine, type EnvReading, type Span } from "../../src/rule.ts";

export default defineRule({
  meta: {
    id: "env/dialect-divergence",
    title: "Line means different things to Docker Compose, dotenv for Node and python-dotenv",
    severity: "medium",
    presets: ["recommended"],
    guides: [],
    why: `
There is no standard for \`.env\` files. A password with a \`#\` that works in the container is cut off in the shell of a
developer, a \`$\` is a reference for one and a character for the other. The engines that read a file are found by its use: a file
that only one of them reads is silent, and where nothing tells, all three are compared and the finding is low.`,
    remedy: `
Single quotes mean the same to all three, as long as the value has no quote, no backslash and no \`\${\` in it.

\`\`\`bash
SMTP_PASSWORD='pa#ss word'
\`\`\``,
    fix: "unsafe",
    sameAs: {},
    references: [
      "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax",
      "https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow",
      "https://saurabh-kumar.com/python-dotenv/#file-format",
    ],
    yieldsTo: ["secrets/missing-dollar-escape", "parse/unreadable"],
  },

  check(model, report) {
    for (const env of model.envFiles) {
      const { file, readBy, lines } = env;
      const dialects = readBy.length ? readBy.map(({ dialect }) => dialect) : ALL;
      if (dialects.length < 2) continue;
      for (const line of lines) {
        if (!line.separator || !/^[A-Za-z_]\w*$/.test(line.name.value)) continue;
        const found = byText(line, dialects) ?? byReference(line, env);
        if (!found) continue;
        report({
          at: line.value.end > line.value.start ? line.value : line.name,
          subject: file.path,
          message: `${listed(found.sides[0])} reads ${line.name.value} otherwise than ${listed(found.sides[1])}. ${found.cause}`,
          severity: readBy.length ? undefined : "low",
          related: readBy.map(({ dialect, at }) => ({ at, message: `${ENGINES[dialect]} reads the file for this` })),
          fix: fixOf(line),
        });
      }
    }
  },
});

const ALL: readonly EnvDialect[] = ["compose", "node", "python"];

const ENGINES: Readonly<Record<EnvDialect, string>> = {
  compose: "Docker Compose",
  node: "dotenv for Node",
  python: "python-dotenv",
};

const listed = (dialects: readonly EnvDialect[]): string => dialects.map((dialect) => ENGINES[dialect]).join(" and ");

interface Divergence {
  readonly sides: readonly [readonly EnvDialect[], readonly EnvDialect[]];
  readonly cause: string;
}

/** One engine that stands alone is named first. */
function sides(first: readonly EnvDialect[], second: readonly EnvDialect[]): Divergence["sides"] {
  return second.length === 1 || first.length > second.length ? [second, first] : [first, second];
}

function byText(line: EnvLine, dialects: readonly EnvDialect[]): Divergence | undefined {
  const readings = line.readings?.filter(({ dialect }) => dialects.includes(dialect)) ?? [];
  const [first] = readings;
  if (!first) return undefined;
  const like = readings.filter((reading) => same(reading, first)).map(({ dialect }) => dialect);
  const unlike = readings.filter((reading) => !same(reading, first)).map(({ dialect }) => dialect);
  return unlike.length ? { sides: sides(like, unlike), cause: causeOf(line) } : undefined;
}

const same = (a: EnvReading, b: EnvReading): boolean => a.result === b.result && a.value?.value === b.value?.value;

function causeOf({ quote, separator, span, value }: EnvLine): string {
  const { text } = span.file;
  const written = text.slice(value.start, value.end);
  if (separator && text[separator.start] === ":") return "Not all of them take a colon for an equals sign";
  if (quote === "backtick") return "Backticks are quotes for Node alone";
  if (quote !== "none" && /\S/.test(text.slice(value.end + 1, span.end).replace(/^\s*#.*/s, ""))) {
    return "Text follows the closing quote";
  }
  if (quote === "none" && text.slice(value.start, span.end).includes("#")) {
    return "They do not agree where a comment begins";
  }
  return written.includes("\\") ? "They decode different escapes" : "They split the line differently";
}

/** Compose replaces `$NAME` and `${NAME}`, python-dotenv `${NAME}` in single quotes too, dotenv by itself nothing. */
function byReference({ quote, value, dollars }: EnvLine, { readBy, file }: EnvFile): Divergence | undefined {
  const written = file.text.slice(value.start, value.end);
  const braces = /(?<![\\$])\$\{[A-Za-z_]/.test(written);
  const bare = dollars.length > 0 || /^\$[A-Za-z_]\w*$/.test(written);
  const replaces = readBy.filter(({ dialect, expands }) => {
    if (quote === "backtick") return false;
    if (quote === "single") return dialect === "python" && braces;
    return expands && (braces || (bare && dialect !== "python"));
  });
  if (replaces.length === 0 || replaces.length === readBy.length) return undefined;
  const names = replaces.map(({ dialect }) => dialect);
  const others = readBy.map(({ dialect }) => dialect).filter((dialect) => !names.includes(dialect));
  return { sides: sides(names, others), cause: "Not all of them replace the reference in it" };
}

/** Single quotes, where nothing in the value means anything inside them; an equals sign for a colon. */
function fixOf({ quote, value, readings, separator, blanks, span }: EnvLine) {
  const { file, start, end } = value;
  const fix = (title: string, at: Span, text: string) => ({
    title,
    safety: "unsafe" as const,
    edits: [{ span: at, text }],
  });
  if (separator && file.text[separator.start] === ":") {
    const [from, to] = [blanks.before?.start ?? separator.start, blanks.after?.end ?? separator.end];
    return fix("write an equals sign", { file, start: from, end: to }, "=");
  }
  const text = file.text.slice(start, end);
  if (!readings || quote === "single" || text === "" || /['\\\n]|\$\{/.test(text)) return undefined;
  if (quote === "none") return fix("write it in single quotes", value, `'${text}'`);
  if (/^.[ \t]*[^#\s]/.test(file.text.slice(end, span.end))) return undefined;
  return fix("write it in single quotes", { file, start: start - 1, end: end + 1 }, `'${text}'`);
}
