/** Strict readers for what reports write: each throws where the text is not of its format. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What XML 1.0 allows: https://www.w3.org/TR/xml/#charsets */
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

function decoded(text: string): string {
  if (/[<]|\]\]>/.test(text)) throw new Error(`markup in text: ${text}`);
  return text.replace(/&([^;]*;?)/g, (whole, name: string) => {
    const character = name.endsWith(";") ? ENTITIES[name.slice(0, -1)] : undefined;
    if (character === undefined) throw new Error(`no entity: ${whole}`);
    return character;
  });
}

/** Elements, attributes and text of a document; no comments, CDATA or instructions. Returns the root. */
export function readXml(text: string): XmlElement {
  const illegal = ILLEGAL.exec(text);
  if (illegal) throw new Error(`illegal character at ${illegal.index}`);
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(declaration)) throw new Error("no declaration");
  type Open = { name: string; attributes: Record<string, string>; children: Open[]; text: string };
  const root: Open = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  token.lastIndex = declaration.length;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 40)}`);
    const [, closing, name, list, empty, content] = match;
    const parent = open.at(-1)!;
    if (content !== undefined) parent.text += decoded(content);
    else if (closing) {
      if (parent.name !== name || list || empty) throw new Error(`</${name}> closes <${parent.name}>`);
      open.pop();
    } else {
      const attributes: Record<string, string> = {};
      for (const [, key, value] of list!.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
        if (Object.hasOwn(attributes, key!)) throw new Error(`${key} twice`);
        attributes[key!] = decoded(value!);
      }
      const element: Open = { name: name!, attributes, children: [], text: "" };
      parent.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim()) throw new Error("not one root");
  return root.children[0]!;
}

/** RFC 4180, every record ended by CR LF, quotes only around whole fields. */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let row: string[] = [];
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 40)}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  if (row.length) throw new Error("the last record is not ended");
  return rows;
}

export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Commands as the runner finds them in a log: at the start of a line behind blanks, any line end ends one. */
export function readWorkflowCommands(log: string): readonly WorkflowCommand[] {
  const unescaped = (text: string) =>
    text
      .replaceAll("%0D", "\r")
      .replaceAll("%0A", "\n")
      .replaceAll("%3A", ":")
      .replaceAll("%2C", ",")
      .replaceAll("%25", "%");
  return log.split(/\r\n?|\n/).flatMap((line) => {
    const match = /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line);
    if (!match) {
      if (line.includes("##[")) throw new Error(`a command of the older kind: ${line}`);
      return [];
    }
    const properties = (match[2] ?? "").split(",").flatMap((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [] : [[pair.slice(0, at), unescaped(pair.slice(at + 1))] as const];
    });
    return [{ name: match[1]!, properties: Object.fromEntries(properties), message: unescaped(match[3]!) }];
  });
}
