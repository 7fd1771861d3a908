/** What a run does, from the configuration file and the command line: the latter wins. */
import { glob } from "../glob.ts";
import type { Preset, Rule, RuleId, Severity, Stage } from "../rule.ts";
import type { Accepted } from "../suppress.ts";
import type { LoadedConfig } from "./load.ts";
import type { Level } from "./schema.ts";

/** What the command line says about the same things; `rules` in order, the last one wins. */
export interface Overrides {
  readonly preset?: Preset | "all" | undefined;
  readonly failOn?: Severity | "never" | undefined;
  readonly minSeverity?: Severity | undefined;
  readonly history?: boolean | undefined;
  readonly rules?: readonly { readonly id: string; readonly level: Level }[];
}

export interface Settings {
  readonly failOn: Severity | "never";
  readonly minSeverity?: Severity | undefined;
  readonly history: boolean;
  /** Rules that run at least in some file. */
  readonly rules: readonly Rule[];
  /** Undefined: as the rule itself says. */
  readonly severityOf: (rule: Rule, path: string) => Severity | "off" | undefined;
  readonly ignores: (path: string) => boolean;
  readonly stageOf: (path: string) => Stage | undefined;
  readonly accepted: readonly Accepted[];
  /** Ids of rules whose findings nothing silences. */
  readonly nonSuppressible: ReadonlySet<string>;
}

/** Of two stages that match the same path the first of these is taken. */
const STAGES: readonly Stage[] = ["production", "example", "test", "development"];

/**
 * `below`: from the folder of the configuration file down to the root of the run, "" if they are the same. Patterns are
 * relative to the former, all paths that the functions are asked about to the latter.
 */
export function settings(
  all: readonly Rule[],
  loaded: LoadedConfig | undefined,
  below: string,
  given: Overrides = {},
): Settings {
  const config = loaded?.config ?? {};
  const prefix = below === "" ? "" : `${below}/`;
  const matcher = (patterns: readonly string[] = []) => {
    const globs = patterns.map((pattern) => glob(pattern));
    return (path: string) => globs.some((matches) => matches(prefix + path));
  };
  const stages = STAGES.flatMap((stage) => {
    const patterns = config.stages?.[stage];
    return patterns ? [{ stage, matches: matcher(patterns) }] : [];
  });
  const overrides = (config.overrides ?? []).map(({ files, rules }) => ({ matches: matcher(files), rules }));
  const commanded = new Map((given.rules ?? []).map(({ id, level }) => [id, level]));
  const preset = given.preset ?? config.preset ?? "recommended";

  const levelOf = (id: string, path: string): Level | undefined =>
    commanded.get(id) ??
    overrides.findLast(({ rules, matches }) => Object.hasOwn(rules, id) && matches(path))?.rules[id] ??
    own(config.rules, id);
  const somewhere = (id: string): boolean => {
    const command = commanded.get(id);
    if (command) return command !== "off";
    const levels = [own(config.rules, id), ...overrides.map(({ rules }) => own(rules, id))];
    return levels.some((level) => level !== undefined && level !== "off");
  };
  const switchedOff = (id: string): boolean => (commanded.get(id) ?? own(config.rules, id)) === "off";

  return {
    failOn: given.failOn ?? config.failOn ?? "medium",
    minSeverity: given.minSeverity ?? config.minSeverity,
    history: given.history ?? config.history ?? false,
    rules: all.filter((rule) => somewhere(rule.meta.id) || (inPreset(rule, preset) && !switchedOff(rule.meta.id))),
    severityOf: (rule, path) => {
      const level = levelOf(rule.meta.id, path);
      if (level === "on") return undefined;
      return level ?? (inPreset(rule, preset) ? undefined : "off");
    },
    ignores: matcher(config.ignore),
    stageOf: (path) => stages.find(({ matches }) => matches(path))?.stage,
    accepted: (config.accepted ?? []).flatMap(({ path, rule, ...rest }) => {
      const rebased = rebase(path, below);
      return rebased === undefined ? [] : [{ ...rest, rule: rule as RuleId, path: rebased }];
    }),
    nonSuppressible: new Set(
      all.map(({ meta }) => meta.id).filter((id) => config.nonSuppressible?.some((name) => names(name, id))),
    ),
  };
}

/** The recommended rules always run; the other presets add theirs. */
const inPreset = ({ meta }: Rule, preset: Preset | "all"): boolean =>
  preset === "all" || meta.presets.includes("recommended") || meta.presets.includes(preset);

/** `secrets/*` names every rule of its group. */
export const names = (name: string, id: string): boolean =>
  name === id || (name.endsWith("/*") && id.startsWith(name.slice(0, -1)));

const own = (table: Readonly<Record<string, Level>> | undefined, id: string): Level | undefined =>
  table && Object.hasOwn(table, id) ? table[id] : undefined;

/** A pattern that is relative to a folder above, as seen from the folder `below` it. Undefined: it matches outside only. */
export function rebase(pattern: string, below: string): string | undefined {
  const segments = pattern
    .replace(/^\.?\/+/, "")
    .replace(/\/+$/, "")
    .split("/");
  if (below === "" || (segments.length === 1 && !pattern.startsWith("/"))) return pattern;
  for (const name of below.split("/")) {
    const [first] = segments;
    if (first === "**") break;
    if (first === undefined || !glob(`/${first}`)(name)) return undefined;
    segments.shift();
    if (segments.length === 0) return "**";
  }
  return segments[0] === "**" ? segments.join("/") : `/${segments.join("/")}`;
}
