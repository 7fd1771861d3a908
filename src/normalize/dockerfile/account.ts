/** Unprivileged users of images: those that bases bring, those that a stage makes, and how one is made where there is none. */
import type { Account, BuildStage } from "../../model.ts";
import type { DockerfileInstruction } from "../../parse/dockerfile.ts";
import type { Product } from "../images.ts";
import { ACCOUNTS } from "../products-bases.ts";

/** A user id above those that hosts give out; the images of distroless have one of their own, `nonroot`. */
const OWN = { user: "10001", id: "10001" };
const NONROOT = { user: "65532", id: "65532" };

/**
 * How a user is made by what the bases of a family have (Debian has `useradd` in its smallest images, Alpine the `adduser`
 * of BusyBox). Others take a number alone: it needs no entry in `/etc/passwd`.
 */
const CREATE: Readonly<Partial<Record<NonNullable<Product["family"]>, string>>> = {
  debian: `useradd --create-home --uid ${OWN.id} appuser`,
  alpine: `adduser -D -u ${OWN.id} appuser`,
};

interface Base {
  readonly image: BuildStage["image"];
  /** What the first stage of the line starts from; absent where nobody knows the image. */
  readonly product: Product | undefined;
  /** It starts from nothing. */
  readonly scratch: boolean;
  /** Of the stage that this one continues. */
  readonly inherited: Account | undefined;
}

/**
 * The user that a stage can switch to at its end: the last one but root that it was, one that its own `RUN` makes, that
 * of its base, or a new one. Absent for images that are a service: whether they run as somebody else is theirs to say.
 */
export function accountOf(
  instructions: readonly DockerfileInstruction[],
  users: readonly string[],
  base: Base,
): Account | undefined {
  const { product } = base;
  if (product && (product.kind !== "application" || product.ports.length)) return undefined;
  const before = users.findLast((user) => !/^(?:root|0+)(?::|$)/.test(user));
  if (before !== undefined) return named(before);
  const runs = instructions.filter(({ keyword, json }) => keyword === "RUN" && !json).map(({ text }) => text);
  const made = runs.flatMap(madeIn).at(-1);
  if (made) return made;
  if (base.inherited && base.inherited.create === undefined) return base.inherited;
  if (base.scratch || product?.family === "distroless") return NONROOT;
  const own = base.image && ACCOUNTS.get(base.image.repository);
  if (own) return own;
  // Only root makes users, and the base may have left it.
  const create = product?.user === "root" && product.family ? CREATE[product.family] : undefined;
  return create !== undefined && !runs.some((text) => MAKES.test(text)) ? { ...OWN, create } : OWN;
}

const named = (user: string): Account => {
  const [id] = /^\d+(?=:|$)/.exec(user) ?? [];
  return { user, ...(id !== undefined && { id }) };
};

const MAKES = /\b(?:useradd|adduser)\b/;
const NAME = /^[a-z_][a-z0-9_-]*$/;

/** Users that shell commands make: the last word is the name where an option or its value stands before it. */
function madeIn(script: string): readonly Account[] {
  return [...script.matchAll(/\b(?:useradd|adduser)\b([^&|;\n]*)/g)].flatMap(([, line = ""]): readonly Account[] => {
    const words = line.trim().split(/\s+/);
    const name = words.at(-1) ?? "";
    const alone = words.length === 1 || words.slice(-3, -1).some((word) => word.startsWith("-"));
    if (!NAME.test(name) || !alone) return [];
    const [, id] = /(?:^|\s)(?:-u|--uid)[ =]?(\d+)(?:\s|$)/.exec(line) ?? [];
    return [{ user: name, ...(id !== undefined && { id }) }];
  });
}
