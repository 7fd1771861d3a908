import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { parse } from "csv-parse/sync";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { beforeAll, describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { rules } from "../../rules/index.ts";
import { RuleCrash } from "../../src/check.ts";
import { FORMATS, reporter } from "../../src/cli/outputs.ts";
import { checkstyle } from "../../src/report/checkstyle.ts";
import { csv } from "../../src/report/csv.ts";
import { gitlab } from "../../src/report/gitlab.ts";
import { junit } from "../../src/report/junit.ts";
import { markdown } from "../../src/report/markdown.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { SEVERITIES } from "../../src/rule.ts";
import { lint } from "../../src/run.ts";
import { spanIn } from "../deployment.ts";
import { fixtureProject } from "../fixture-project.ts";
import { reportInput } from "../report-input.ts";
import { sourceFile } from "../source-file.ts";
import { finding, HOSTILE, input, rule } from "./findings.ts";

/** Reports read by the programs that others read them with: libxml2, a Markdown renderer, a CSV reader, JSON Schema. */
const FOLDER = "fixtures/projects";
const projects = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const hostileFindings = HOSTILE.map((text, i) => {
  const file = sourceFile(`${text}/compose-${i}.yaml`, "services:\n  db: {}\n");
  const at = spanIn(file, "services");
  const more = { subject: text, snippet: `${text}\n${text}`, related: [{ at, message: text }] };
  return finding(rule("image/unpinned-tag", { title: text }), spanIn(file, "db"), text, more);
});

const reports: Record<string, ReportInput> = {
  nothing: input([]),
  "hostile texts": input(hostileFindings, {
    silenced: hostileFindings.map((silent) => ({ finding: silent, by: "comment", reason: silent.message })),
    reportSuppressed: true,
    skipped: HOSTILE.map((text) => ({ path: text, reason: text })),
    crashes: [new RuleCrash("cors/wildcard-origin", new Error(HOSTILE.join("")))],
  }),
};
const names = [...projects, ...Object.keys(reports)];
beforeAll(async () => {
  for (const name of projects) {
    const result = await lint(fixtureProject(`${FOLDER}/${name}`), { rules, today: "2026-01-15" });
    reports[name] = { ...reportInput(result), rules, reportSuppressed: true, repositoryPrefix: "apps/" };
  }
});

describe.each([
  ["junit", junit],
  ["checkstyle", checkstyle],
])("%s in libxml2", (format, report) => {
  const schema = readFileSync(`test/report/${format}.xsd`, "utf8");
  const validated = (contents: string) => validateXML({ xml: [{ fileName: "report.xml", contents }], schema });

  test.each(names)("%s", async (name) => {
    expect(await validated(report(reports[name]!))).toMatchObject({ valid: true, errors: [] });
  });

  test("what is wrong is refused", async () => {
    const text = report(reports["hostile texts"]!);
    expect(await validated(text.replace(/ line="\d+"/, ' line="0"'))).toMatchObject({ valid: false });
    expect(await validated(text.replace("&lt;", "<"))).toMatchObject({ valid: false });
  });
});

describe("gitlab by the fields that GitLab documents", () => {
  const text = { type: "string", minLength: 1 };
  const line = { type: "integer", minimum: 1 };
  const validate = new Ajv().compile({
    type: "array",
    items: {
      type: "object",
      required: ["description", "check_name", "fingerprint", "severity", "location"],
      additionalProperties: false,
      properties: {
        description: text,
        check_name: text,
        fingerprint: { type: "string", pattern: "^[0-9a-f]+$" },
        severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
        location: {
          type: "object",
          required: ["path", "lines"],
          additionalProperties: false,
          properties: {
            path: { type: "string", pattern: "^(?!\\.?/)" },
            lines: {
              type: "object",
              required: ["begin"],
              additionalProperties: false,
              properties: { begin: line, end: line },
            },
          },
        },
      },
    },
  });

  test.each(names)("%s", (name) => {
    const issues = JSON.parse(gitlab(reports[name]!));
    validate(issues);
    expect(validate.errors).toBeNull();
    const fingerprints = issues.map(({ fingerprint }: { readonly fingerprint: string }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    expect(fingerprints).toHaveLength(reports[name]!.findings.length);
  });
});

test.each(names)("csv in a reader of CSV: %s", (name) => {
  const { findings, silenced } = reports[name]!;
  const rows = parse<Record<string, string>>(csv(reports[name]!), {
    columns: true,
    record_delimiter: "\r\n",
    relax_column_count: false,
  });
  expect(rows).toHaveLength(findings.length + silenced.length);
  for (const row of rows) {
    expect(SEVERITIES).toContain(row.severity);
    expect(Number(row.line)).toBeGreaterThan(0);
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[\s"]*[=+\-@]/);
  }
});

describe("markdown as GitHub renders it", () => {
  const rendered = (name: string) =>
    micromark(markdown(reports[name]!), {
      allowDangerousHtml: true,
      allowDangerousProtocol: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
  const ELEMENTS = "h2 h3 p strong code pre ul li table thead tbody tr th td details summary".split(" ");

  test.each(names)("%s is headings, tables, lists and code, no link, image or other HTML", (name) => {
    const html = rendered(name).replace(/<!-- -->/g, "");
    const elements = [...html.matchAll(/<\/?([^\s>]*)[^>]*>/g)].map(([, element]) => element!);
    expect(elements.filter((element) => !ELEMENTS.includes(element))).toEqual([]);
    const { findings, silenced } = reports[name]!;
    const files = new Set(findings.map(({ span }) => span.file));
    expect(html.match(/<h3>/g) ?? []).toHaveLength(files.size);
    const heads = html.match(/<p><strong>(critical|high|medium|low|info)<\/strong> line \d+/g) ?? [];
    expect(heads).toHaveLength(findings.length);
    const snippets = findings.filter(({ snippet }) => snippet !== undefined).length;
    expect(html.match(/<pre>/g) ?? []).toHaveLength(snippets);
    expect(html.match(/<details>/g)?.length).toBe(html.match(/<\/details>/g)?.length);
    expect(html.match(/Silenced findings/g) ?? []).toHaveLength(silenced.length ? 1 : 0);
  });

  test("hostile texts say what they said", () => {
    const html = rendered("hostile texts");
    for (const text of ["*b* _i_ $m$ :smile:", "a|b", "日本語 é 🚀", "![i](https://evil.example/x)"])
      expect(html).toContain(`: ${text} (<code>image/unpinned-tag</code>)`);
    expect(html.replace(/<code>[^<]*<\/code>|<pre>.*?<\/pre>/gs, "")).not.toMatch(/@\w|#\d/);
  });
});

describe("--min-severity and --report-suppressed mean the same everywhere", () => {
  const file = sourceFile("compose.yaml", SEVERITIES.map((severity) => `${severity}: x\n`).join(""));
  const one = (severity: (typeof SEVERITIES)[number], message: string) =>
    finding(rule(`tls/${severity}`, { severity }), spanIn(file, `${severity}: x`), message);
  const found = SEVERITIES.map((severity) => one(severity, `open ${severity} one`));
  const silenced = SEVERITIES.map(
    (severity) => ({ finding: one(severity, `silent ${severity} one`), by: "comment", reason: "why" }) as const,
  );
  const LISTS_SILENCED = ["pretty", "json", "sarif", "junit", "markdown", "csv"];

  describe.each(FORMATS)("%s", (format) => {
    test.each([undefined, ...SEVERITIES])("least %s", async (minSeverity) => {
      const shown = SEVERITIES.slice(0, minSeverity ? SEVERITIES.indexOf(minSeverity) + 1 : undefined);
      const report = await reporter(format);
      const of = (text: string, kind: string) =>
        SEVERITIES.filter((severity) => text.includes(`${kind} ${severity} one`));
      const usual = report(input(found, { silenced, minSeverity }));
      expect([of(usual, "open"), of(usual, "silent")]).toEqual([shown, []]);
      const all = report(input(found, { silenced, minSeverity, reportSuppressed: true }));
      expect([of(all, "open"), of(all, "silent")]).toEqual([shown, LISTS_SILENCED.includes(format) ? shown : []]);
    });
  });
});
