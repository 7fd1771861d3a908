/** A guide as a checklist: every control with its state in this project. */
import type { Finding } from "../check.ts";
import type { Deployment, Span } from "../model.ts";
import { type Control, type Note, SEVERITIES, spanOf } from "../rule.ts";
import type { Silenced } from "../suppress.ts";
import { type Paint, plain } from "./colors.ts";
import { positionOf } from "./lines.ts";
import { maskOf, withoutSecrets } from "./mask.ts";
import { visible, wrap } from "./visible.ts";

/** `person`: no rule fails it and nothing in the project shows that it is fulfilled. */
export type ControlState = "failing" | "ok" | "not-applicable" | "person";

export interface ControlResult {
  readonly control: Control;
  readonly state: ControlState;
  /** What fails it, worst first. */
  readonly findings: readonly Finding[];
  /** Findings that somebody accepted: whether that fulfils the control is for a person to say. */
  readonly accepted: readonly Silenced[];
  readonly evidence: readonly Note[];
}

export interface GuideInput {
  readonly model: Deployment;
  /** Of every rule that a control names, whatever its preset. */
  readonly findings: readonly Finding[];
  readonly silenced?: readonly Silenced[];
  readonly controls: readonly Control[];
  /** Titles of the guides by name, in the order they are printed. */
  readonly guides: Readonly<Record<string, string>>;
  /** Name of one guide; absent: all. */
  readonly guide?: string | undefined;
  readonly paint?: Paint;
  readonly width?: number;
  readonly displayPrefix?: string;
}

/** The state of each control of the guides asked for, in their order. */
export function controlResults({
  model,
  findings,
  silenced = [],
  controls,
  guide,
}: GuideInput): readonly ControlResult[] {
  return controls
    .filter((control) => guide === undefined || control.guide === guide)
    .map((control): ControlResult => {
      const decides = ({ rule }: Finding) => control.rules.includes(rule.meta.id);
      const failing = findings
        .filter(decides)
        .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
      const accepted = silenced.filter(({ finding }) => decides(finding));
      const evidence = control.evidence?.(model) ?? [];
      const state = failing.length
        ? "failing"
        : control.applies && !control.applies(model)
          ? "not-applicable"
          : evidence.length && !accepted.length
            ? "ok"
            : "person";
      return { control, state, findings: failing, accepted, evidence: state === "ok" ? evidence : [] };
    });
}

/** Places named for one control; the others are counted. */
const MOST_PLACES = 3;

const LABELS: Readonly<Record<ControlState, string>> = {
  failing: "fails",
  ok: "ok",
  "not-applicable": "n/a",
  person: "person",
};
const LEGEND: Readonly<Record<ControlState, string>> = {
  failing: "a finding says so",
  ok: "the project shows it",
  person: "no linter can tell",
  "not-applicable": "nothing to judge",
};
const COLORS = { failing: "high", ok: "good", "not-applicable": "dim", person: "medium" } as const;
const LABEL_WIDTH = 8;

/** Ends with a line end. */
export function guideReport(input: GuideInput): string {
  const { guides, guide, paint = plain } = input;
  const results = controlResults(input);
  const parts = Object.entries(guides)
    .filter(([name]) => guide === undefined || name === guide)
    .map(([name, title]) =>
      checklist(
        title,
        results.filter(({ control }) => control.guide === name),
        input,
      ),
    );
  const legend = Object.entries(LEGEND).map(
    ([state, text]) => `${paint[COLORS[state as ControlState]](LABELS[state as ControlState])}: ${text}`,
  );
  return `${[...parts, legend.join("\n")].join("\n\n")}\n`;
}

function checklist(title: string, results: readonly ControlResult[], input: GuideInput): string {
  const { paint = plain, width = 100 } = input;
  const count = (state: ControlState) => results.filter((result) => result.state === state).length;
  const counts = `${results.length} controls: ${count("failing")} failing, ${count("ok")} ok, ${count("person")} for a person, ${count("not-applicable")} not applicable`;
  const head = [paint.bold(title), ...wrap(counts, width, 2).map((line, i) => (i === 0 ? line : `  ${line}`))].join(
    "\n",
  );
  const sections = new Map<string, ControlResult[]>();
  for (const result of results) {
    const section = sections.get(result.control.section);
    if (section) section.push(result);
    else sections.set(result.control.section, [result]);
  }
  return [
    head,
    ...[...sections].map(([name, entries]) =>
      [paint.bold(name), ...entries.flatMap((entry) => lines(entry, input))].join("\n"),
    ),
  ].join("\n\n");
}

function lines({ control, state, findings, accepted, evidence }: ControlResult, input: GuideInput): readonly string[] {
  const { paint = plain, width = 100, model } = input;
  const indent = " ".repeat(LABEL_WIDTH + 2);
  const label = `  ${paint[COLORS[state]](LABELS[state].padEnd(LABEL_WIDTH))}`;
  const text = wrap(control.text, width - indent.length).map((line, i) => (i === 0 ? label + line : indent + line));
  const clean = (span: Span, message: string) => visible(withoutSecrets(maskOf(model.sensitive), [span], message));
  const places = [
    ...findings.map(({ span, message, rule }) => ({
      span,
      text: `${clean(span, message)} [${rule.meta.id}]`,
    })),
    ...accepted.map(({ finding, reason }) => ({
      span: finding.span,
      text: `accepted: ${visible(reason) || "no reason given"} [${finding.rule.meta.id}]`,
    })),
    ...evidence.map(({ at, message }) => ({ span: spanOf(at), text: clean(spanOf(at), message) })),
  ];
  const named = places
    .slice(0, MOST_PLACES)
    .flatMap((place) =>
      wrap(`${where(place.span, input)}  ${place.text}`, width - indent.length, 2).map(
        (line, i) => `${indent}${i === 0 ? "" : "  "}${line}`,
      ),
    );
  return [
    ...text,
    ...named,
    ...(places.length > MOST_PLACES ? [`${indent}${paint.dim(`and ${places.length - MOST_PLACES} more`)}`] : []),
  ];
}

function where({ file, start }: Span, { displayPrefix = "" }: GuideInput): string {
  const { line, column } = positionOf(file, start);
  return `${visible(displayPrefix + file.path)}:${line}:${column}`;
}
