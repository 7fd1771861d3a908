import type { Finding } from "../../src/check.ts";
import type { Span } from "../../src/model.ts";
import { plain } from "../../src/report/colors.ts";
import type { ReportInput } from "../../src/report/report.ts";
import { defineRule, type Rule, type RuleMeta } from "../../src/rule.ts";
import { deployment } from "../deployment.ts";

export const rule = (id: RuleMeta["id"], meta: Partial<RuleMeta> = {}): Rule =>
  defineRule({
    meta: {
      id,
      title: `Title of ${id}`,
      severity: "high",
      presets: ["recommended"],
      guides: [],
      why: "What an attacker gains.",
      remedy: "What to do.",
      fix: "none",
      sameAs: {},
      references: [],
      ...meta,
    },
    check() {},
  });

export const finding = (of: Rule, span: Span, message: string, more: Partial<Finding> = {}): Finding => ({
  rule: of,
  severity: of.meta.severity,
  span,
  subject: "",
  message,
  related: [],
  ...more,
});

/** Findings as a reporter gets them, the model made of the files they are in. */
export const input = (findings: readonly Finding[], more: Partial<ReportInput> = {}): ReportInput => ({
  findings,
  silenced: [],
  model: deployment({ files: [...new Set(findings.map(({ span }) => span.file))] }),
  skipped: [],
  crashes: [],
  rules: [...new Set(findings.map((found) => found.rule))],
  version: "1.2.3",
  paint: plain,
  width: 80,
  displayPrefix: "",
  repositoryPrefix: "",
  ...more,
});

/** Everything that some format takes for its own. */
export const HOSTILE = [
  "\r\n::stop-commands::x",
  "::error::y",
  "##[add-mask]z",
  "]]>",
  "<![CDATA[",
  "--><script>alert(1)</script>",
  "</details>",
  "a|b",
  "``` `` `",
  "~~~",
  "![i](https://evil.example/x)",
  "[a]: javascript:b",
  "@someone #1 GH-7 www.evil.example user@evil.example",
  "*b* _i_ $m$ :smile:",
  "=cmd|' /C calc'!A0",
  "+1",
  "-1",
  "@SUM(A1)",
  ';=1"',
  "%0A%3A%2C,:",
  "&amp;&#10;",
  "\u202egnp.exe\u2066",
  "\u0000\u0007\u001b[2J\u0085\u2028\ufffe\uffff\ud800",
  "日本語 é 🚀",
];
