/** The one way to make a `Variable`: classifies what it holds. */
import type { Variable } from "../model.ts";
import { credentialOf } from "./credentials.ts";

export function variable(unclassified: Omit<Variable, "credential">): Variable {
  const credential = credentialOf(unclassified.name.value, unclassified.value);
  return credential ? { ...unclassified, credential } : unclassified;
}
