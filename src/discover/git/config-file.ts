/** The few values of git configuration that decide what is tracked and ignored. Nothing is ever executed. */

/** Values by `section.key` or `section.subsection.key`, section and key in lower case; the last one wins. Never throws. */
export function parseGitConfig(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = "";
  for (const line of text.split("\n")) {
    const header = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    const rest = header ? line.slice(header[0].length) : line;
    if (header) {
      section = header[1]!.toLowerCase() + (header[2] === undefined ? "" : `.${header[2].replace(/\\(.)/g, "$1")}`);
    }
    const entry = /^\s*([A-Za-z][\w-]*)\s*(?:=(.*))?$/.exec(rest.replace(/\r$/, ""));
    if (entry) values.set(`${section}.${entry[1]!.toLowerCase()}`, entry[2] === undefined ? "true" : value(entry[2]));
  }
  return values;
}

/** Quotes and escapes resolved, a comment outside quotes cut off. */
function value(text: string): string {
  let result = "";
  let quoted = false;
  const source = text.trim();
  for (let i = 0; i < source.length; i++) {
    const character = source[i]!;
    if (character === '"') quoted = !quoted;
    else if (character === "\\" && i + 1 < source.length) {
      i++;
      result += ({ n: "\n", t: "\t" } as Record<string, string>)[source[i]!] ?? source[i]!;
    } else if (!quoted && (character === "#" || character === ";")) break;
    else result += character;
  }
  return result.trimEnd();
}
