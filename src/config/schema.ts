/** The configuration file: one schema gives the TypeScript type, the checks and the JSON Schema. */
import * as z from "zod/mini";
import { PRESETS, SEVERITIES } from "../rule.ts";

const describe = <T extends z.ZodMiniType>(schema: T, description: string): T =>
  schema.check(z.meta({ description })) as T;

const severity = z.enum(SEVERITIES);
const level = z.enum(["off", "on", ...SEVERITIES]);
const rules = z.record(z.string(), level);
const ruleNames = z.array(z.string());
const patterns = z.array(z.string().check(z.minLength(1)));
const date = z.string().check(z.regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/));

export const configSchema = z.strictObject({
  $schema: z.optional(z.string()),
  preset: describe(
    z.optional(z.enum([...PRESETS, "all"])),
    "Rules that run: the recommended ones, and those of this preset. Default recommended.",
  ),
  failOn: describe(
    z.optional(z.enum([...SEVERITIES, "never"])),
    "Least severity of a finding that makes the run fail. Default medium.",
  ),
  minSeverity: describe(z.optional(severity), "Findings that are less severe are not shown."),
  history: describe(z.optional(z.boolean()), "Search the history of git for environment files too."),
  rules: describe(z.optional(rules), "Rules by id: off, on, or the severity of their findings."),
  ignore: describe(
    z.optional(patterns),
    "Files that are not checked. Without a slash at any depth; a folder stands for everything below it.",
  ),
  stages: describe(
    z.optional(
      z.strictObject({
        production: z.optional(patterns),
        development: z.optional(patterns),
        test: z.optional(patterns),
        example: z.optional(patterns),
      }),
    ),
    "What files are for, where their names do not say so. Outside production most findings are less severe.",
  ),
  overrides: describe(
    z.optional(z.array(z.strictObject({ files: patterns, rules }))),
    "Rules for some files; of several that match the last decides.",
  ),
  accepted: describe(
    z.optional(
      z.array(
        z.strictObject({
          rule: describe(z.string(), "Id of the rule."),
          path: describe(z.string().check(z.minLength(1)), "Files with the finding, as in ignore."),
          subject: describe(z.optional(z.string()), "Who the finding is about, such as `service api`."),
          reason: describe(z.string().check(z.minLength(1)), "Why it is accepted."),
          until: describe(z.optional(date), "Last day, YYYY-MM-DD."),
        }),
      ),
    ),
    "Findings that somebody has looked at and accepts.",
  ),
  nonSuppressible: describe(
    z.optional(ruleNames),
    "Rules whose findings neither a comment nor accepted silences: ids, or group/* for all rules of a group.",
  ),
});

/** `secrets/*` for every group that a rule is in. */
export const wholeGroups = (ruleIds: readonly string[]): readonly string[] => [
  ...new Set(ruleIds.map((id) => `${id.slice(0, id.indexOf("/"))}/*`)),
];

/** The content of a configuration file. */
export type Config = z.infer<typeof configSchema>;
export type Level = z.infer<typeof level>;

/** JSON Schema (draft 2020-12) of the configuration file. With `ruleIds`, editors complete and check the ids of rules. */
export function configJsonSchema(ruleIds: readonly string[] = []): object {
  const ids = ruleIds.length ? { enum: [...ruleIds].sort() } : undefined;
  return {
    title: "Configuration of qwed-harden",
    ...z.toJSONSchema(configSchema, {
      override: ({ jsonSchema, zodSchema }) => {
        if (!ids) return;
        if (zodSchema === (ruleNames as unknown))
          jsonSchema.items = { enum: [...wholeGroups(ruleIds), ...ids.enum].sort() };
        if (zodSchema === (rules as unknown)) jsonSchema.propertyNames = ids;
      },
    }),
  };
}
