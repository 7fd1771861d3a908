/** Entry point and command as words, each at its place. */
import type { Located } from "../../model.ts";
import { at, type Node, part, type Scalar, written } from "./node.ts";

/** The argv of a service: list form as it is, a text split as a shell would (Compose Specification, 05-services: `command`). */
export const words = (node: Node | undefined): readonly Located<string>[] => {
  if (node?.kind === "sequence") {
    return node.items.flatMap((item) => (item.kind === "scalar" ? [at(item, written(item))] : []));
  }
  return node?.kind === "scalar" && !node.empty ? shellWords(node) : [];
};

/**
 * Splits at white space outside quotes and `${…}`. Quotes and backslashes are taken off; a word that is quoted as a
 * whole has the span between its quotes.
 */
function shellWords(node: Scalar): readonly Located<string>[] {
  const { raw } = node;
  const result: Located<string>[] = [];
  let i = 0;
  while (i < raw.length) {
    if (/\s/.test(raw[i]!)) {
      i++;
      continue;
    }
    const from = i;
    let word = "";
    let quote = "";
    let open = 0;
    let quoted = 0;
    for (; i < raw.length; i++) {
      const character = raw[i]!;
      if (quote) {
        if (character === quote) quote = "";
        else if (character === "\\" && quote === '"' && '"\\$`'.includes(raw[i + 1] ?? " ")) word += raw[++i];
        else word += character;
      } else if (open > 0 || (character === "$" && raw[i + 1] === "{")) {
        if (character === "{") open++;
        else if (character === "}") open--;
        else if (character === "$") {
          open++;
          word += raw[i++];
        }
        word += raw[i] ?? "";
      } else if (/\s/.test(character)) break;
      else if (character === '"' || character === "'") {
        quote = character;
        quoted++;
      } else if (character === "\\" && i + 1 < raw.length) word += raw[++i];
      else word += character;
    }
    const whole = quoted === 1 && word.length === i - from - 2 && /["']/.test(raw[from]!);
    const scalar = whole ? part(node, from + 1, i - 1) : part(node, from, i, word);
    const value = written(scalar);
    // Compose interpolates first: a variable outside quotes may bring several words.
    const several = quoted === 0 && scalar.value.from === "variable" && scalar.value.resolved !== undefined;
    for (const each of several ? value.split(/\s+/).filter(Boolean) : [value]) result.push(at(scalar, each));
  }
  return result;
}
