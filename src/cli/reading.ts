/** The commands that only tell: `rules`, `explain`, `guide`, `model`. */
import { controls, guides } from "../../rules/guides.ts";
import { rules } from "../../rules/index.ts";
import { suggestion } from "../nearest.ts";
import { lint, understand } from "../run.ts";
import { UserError } from "../user-error.ts";
import { paintFor, widthOf } from "./color.ts";
import { load, type ProjectOptions, ruleIds } from "./project.ts";
import type { Streams } from "./streams.ts";

interface Colored {
  readonly color?: boolean | undefined;
}

const terminal = async ({ out, env }: Streams, { color }: Colored) => ({
  paint: await paintFor(out, env, color),
  width: widthOf(out, env),
});

/** `qwed-harden rules`. */
export async function runRules(
  format: "json" | "markdown" | "pretty",
  command: Colored,
  streams: Streams,
): Promise<number> {
  const { rulesReport } = await import("../report/rules.ts");
  streams.out.write(rulesReport(rules, format, await terminal(streams, command)));
  return 0;
}

/** `qwed-harden explain`. Throws `UserError` for a rule that does not exist. */
export async function runExplain(id: string, command: Colored, streams: Streams): Promise<number> {
  const ids = rules.map(({ meta }) => meta.id);
  const named = rules.filter(({ meta }) => meta.id === id || meta.id.endsWith(`/${id}`));
  const [rule] = named;
  if (!rule || named.length > 1) {
    throw new UserError(
      rule
        ? `${id} is the name of several rules: ${named.map(({ meta }) => meta.id).join(", ")}`
        : `there is no rule "${id}"${suggestion(id, ids)}`,
    );
  }
  const { explainReport } = await import("../report/explain.ts");
  const texts = new Map(controls.map((control) => [control.id as string, control.text]));
  streams.out.write(explainReport(rule, { ...(await terminal(streams, command)), controls: texts }));
  return 0;
}

/** `qwed-harden guide`: every control whatever the preset. Exit code 0: it tells, `lint` judges. */
export async function runGuide(
  guide: string | undefined,
  command: ProjectOptions & Colored,
  streams: Streams,
): Promise<number> {
  const { project, settings, displayPrefix } = await load(command, streams);
  const named = new Set<string>(controls.flatMap((control) => control.rules));
  const { model, findings, silenced, crashes } = await lint(project, {
    rules: rules.filter(({ meta }) => named.has(meta.id)),
    accepted: settings.accepted,
    known: ruleIds,
    nonSuppressible: settings.nonSuppressible,
    today: streams.today,
  });
  const { guideReport } = await import("../report/guide.ts");
  streams.out.write(
    guideReport({
      model,
      findings,
      silenced,
      controls,
      guides,
      guide,
      displayPrefix,
      ...(await terminal(streams, command)),
    }),
  );
  for (const { message } of crashes) streams.err.write(`internal error: ${message}\n`);
  return crashes.length ? 3 : 0;
}

/** `qwed-harden model`: what the tool thinks the deployment is. */
export async function runModel(command: ProjectOptions, streams: Streams): Promise<number> {
  const { project } = await load(command, streams);
  const { modelReport } = await import("../report/model.ts");
  streams.out.write(modelReport(await understand(project)));
  return 0;
}

export const guideNames: readonly string[] = Object.keys(guides);
