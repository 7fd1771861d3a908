/** Schemas that `process.env` is checked against: zod, envalid, t3-env, joi for NestJS. */
import { type Call, type Expression, entriesOf, lastSegment, option, pathOf } from "../../parse/script.ts";
import { canonical, located, type Module } from "./modules.ts";
import { ENV_NAME, type Read, ROOTS } from "./reads.ts";

/** zod's `z.object({…}).parse(process.env)`, envalid's `cleanEnv(process.env, {…})`, t3-env, joi for NestJS. */
export function schemaReads(module: Module): Read[] {
  if (module.tree.language !== "javascript") return [];
  return module.tree.calls.flatMap((call) =>
    shapes(module, call).flatMap((shape) =>
      entriesOf(shape).flatMap(({ key, value }) => {
        if (!ENV_NAME.test(key.text)) return [];
        const { fallback, optional } = described(value);
        return [
          {
            name: located(module, key, key.text),
            ...(fallback && { fallback }),
            required: !fallback && !optional,
            node: value,
          },
        ];
      }),
    ),
  );
}

function shapes(module: Module, call: Call): Expression[] {
  const [first, second] = call.positional;
  const environment = (node: Expression | undefined) => node && ROOTS.has(canonical(module, pathOf(node)));
  const word = lastSegment(call.path);
  if (word === "cleanEnv" && environment(first)) return second ? [second] : [];
  if (word === "createEnv") return ["server", "client", "shared"].flatMap((key) => option(call, key)?.value ?? []);
  if (/^(?:parse|safeParse|parseAsync|validate)$/.test(word) && environment(first) && call.callee.kind === "name") {
    return shapeOf(module, call.callee.of);
  }
  const joi = option(call, "validationSchema")?.value;
  return joi ? shapeOf(module, joi) : [];
}

/** The object of `z.object({…})`, by name too, behind `.strict()` and the like. */
function shapeOf(module: Module, schema: Expression | undefined): Expression[] {
  let node = schema;
  for (let hop = 0; node && hop < 8; hop++) {
    if (node.kind === "name") node = module.defined.get(node.path)?.[0]?.value;
    else if (node.kind !== "call") return [];
    else if (/(?:^|\.)object$/.test(node.path)) return node.positional.slice(0, 1);
    else node = node.callee.kind === "name" ? node.callee.of : undefined;
  }
  return [];
}

/** `.default(x)`, `.optional()` anywhere in a chain; `str({ default: x })`. */
function described(value: Expression): { fallback?: Expression; optional: boolean } {
  let node: Expression | undefined = value;
  let optional = false;
  while (node?.kind === "call") {
    const word = lastSegment(node.path);
    const [first] = node.positional;
    if ((word === "default" || word === "catch") && first) return { fallback: first, optional: true };
    const written = option(node, "default", "devDefault")?.value;
    if (written) return { fallback: written, optional: true };
    if (/^(?:optional|nullish|nullable)$/.test(word)) optional = true;
    node = node.callee.kind === "name" ? node.callee.of : undefined;
  }
  return { optional };
}
