/** Fixes that take a credential out of a file and keep it where only its owner reads it. */
import type { Deployment, SourceFile, Span, Variable } from "./model.ts";
import { type Addition, type Edit, type Fix, fill } from "./rule.ts";
import { folderOf } from "./snippet-files.ts";
import { secretOf } from "./snippet-variables.ts";
import { shellWord } from "./snippet-words.ts";

/** What moves have to know of a model. */
interface Names {
  readonly files: ReadonlyMap<string, SourceFile>;
  /** What each name is bound to in a `.env`. */
  readonly bound: (path: string) => ReadonlyMap<string, string | undefined>;
  /** The texts in which Compose files and `.env` files refer to a name, those aside that ask for it (`${NAME:?…}`). */
  readonly references: ReadonlyMap<string, ReadonlySet<string>>;
  /** The first example of each folder, and the names it shows. */
  readonly examples: ReadonlyMap<string, Example>;
  readonly secrets: ReadonlySet<string>;
  /** By path and workload: the namespaces that it is deployed into. */
  readonly namespaces: ReadonlyMap<string, ReadonlySet<string | undefined>>;
}

interface Example {
  readonly file: SourceFile;
  readonly shown: ReadonlySet<string>;
}

/** Fixes for the variables of one model. */
export interface Moves {
  /**
   * `${NAME:?…}` in the place of `secret` (a part of the variable's value, or all of it) and its text as `NAME` in the
   * `.env` that Compose reads, which git ignores; the example of that file gets the name alone. A reference that falls back
   * to `secret` loses its fallback. Undefined where another user of the name would get another value, and where the text
   * can not be written so that every reader of the file takes it for the same.
   */
  readonly toDotenv: (variable: Variable, secret: Span, name: string) => Fix | undefined;
  /**
   * `valueFrom` in the place of the value, and the value in a file that git ignores, with the command that makes the Secret
   * of it. Undefined where the project has a Secret of that name.
   */
  readonly toSecret: (variable: Variable) => Fix | undefined;
}

/** Reads the model once, for as many moves as there are. */
export function moves(model: Deployment): Moves {
  let known: Names | undefined;
  const names = () => (known ??= namesOf(model));
  return {
    toDotenv: (variable, secret, name) => toDotenv(names(), variable, secret, name),
    toSecret: (variable) => toSecret(names(), variable),
  };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OBJECT = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
/** Whatever reads the file, this is the value and all of it. */
const PLAIN = /^[\w./:@%+=,~^-]+$/;
/** So it is for kubectl, which takes quotes for a part of the value. */
const RAW = /^[\w./:@%+=,~^?&!*()|;<>[\]{}-]+$/;

/** A reference in the text: what Compose makes of it is not what is written. */
const INTERPOLATED = /(?<!\$)(?:\$\$)*\$[A-Za-z_{]/;

/** As compose-go, dotenv and python-dotenv agree on it, which they do not on everything. */
const quoted = (text: string): string | undefined =>
  PLAIN.test(text) ? text : /['\\\r\n]|\$\{/.test(text) || text === "" ? undefined : `'${text}'`;

function toDotenv(names: Names, variable: Variable, secret: Span, wanted: string): Fix | undefined {
  const { reference, filledFrom: path, subject } = variable;
  if (!reference || path === undefined || secret.file !== reference.span.file) return undefined;
  const file = names.files.get(path);
  if (INTERPOLATED.test(textAt(secret))) return undefined;
  const text = textAt(secret).replaceAll("$$", "$");
  const value = quoted(text);
  if (value === undefined || file?.git === "tracked") return undefined;

  const bound = names.bound(path);
  const own = fallingBack(variable, secret);
  const name = own
    ? ownName(own.name, textAt(own.span), names, bound, text)
    : freeName(wanted, subject, names, bound, text);
  if (name === undefined || !NAME.test(name)) return undefined;
  const edit = written(variable, own?.span ?? secret, `\${${name}:?set ${name} in .env}`);
  const additions: Addition[] = bound.has(name)
    ? []
    : [{ path, file, key: name, text: `${name}=${value}`, private: true }];
  return (
    edit && {
      title: `keep ${name} in ${path}`,
      safety: "unsafe",
      edits: [edit],
      additions: [...additions, ...exampleOf(names, path, name)],
    }
  );
}

/** The value with `text` in the place of `part` of it, quoted where its neighbours demand it. */
function written({ value: { span }, reference }: Variable, part: Span, text: string): Edit | undefined {
  const value = textAt({ ...span, end: part.start }) + text + textAt({ ...span, start: part.end });
  return reference && !(reference.before && /["\\]/.test(value)) ? fill(reference, value) : undefined;
}

const textAt = ({ file, start, end }: Span): string => file.text.slice(start, end);

/** The reference in a variable's value that falls back to what stands at `secret`. */
const fallingBack = ({ value }: Variable, secret: Span) =>
  value.value.from === "variable"
    ? value.value.references.find(
        ({ fallback }) => fallback && fallback.span.start <= secret.start && fallback.span.end >= secret.end,
      )
    : undefined;

/** Its own name, unless that gives another reference to it a value that it did not have. */
function ownName(
  name: string,
  written: string,
  { references }: Names,
  bound: ReadonlyMap<string, string | undefined>,
  text: string,
): string | undefined {
  const all = references.get(name);
  const alone = all === undefined || all.size === (all.has(written) ? 1 : 0);
  return bound.has(name) || (alone && written === `\${${name}:-${text}}`) ? name : undefined;
}

/** A name that has the value already, or that nothing has or asks for. */
function freeName(
  wanted: string,
  subject: string,
  { references }: Names,
  bound: ReadonlyMap<string, string | undefined>,
  text: string,
): string | undefined {
  const owner = subject
    .replace(/^\S+ /, "")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  return [wanted, `${owner}_${wanted}`].find((name) =>
    bound.has(name) ? bound.get(name) === text : !references.has(name),
  );
}

/** The name in the example beside a `.env`: in the one that is there, else in one that is made. */
function exampleOf({ examples }: Names, path: string, name: string): readonly Addition[] {
  const folder = folderOf(path);
  const example = examples.get(folder);
  return example?.shown.has(name) || example?.file.context
    ? []
    : [{ path: example?.file.path ?? `${folder}.env.example`, file: example?.file, key: name, text: `${name}=` }];
}

function toSecret(names: Names, variable: Variable): Fix | undefined {
  const { reference, subject, value } = variable;
  const secret = secretOf(subject);
  if (!reference || value.value.from !== "literal" || !OBJECT.test(secret)) return undefined;
  const { text } = value.value;
  if (!RAW.test(text) || names.secrets.has(secret)) return undefined;

  const path = `${folderOf(value.span.file.path)}${secret}.env`;
  const file = names.files.get(path);
  const bound = names.bound(path);
  const owner = /\/ (?:\S+ )?(\S+)$/.exec(subject)?.[1] ?? "";
  const key = freeName(variable.name.value, owner, { ...names, references: new Map() }, bound, text);
  if (key === undefined || !NAME.test(key) || file?.git === "tracked") return undefined;
  const lines = `valueFrom:\n  secretKeyRef:\n    name: ${secret}\n    key: ${key}`;
  const flow = `valueFrom: { secretKeyRef: { name: ${secret}, key: ${key} } }`;
  return {
    title: `take ${variable.name.value} from Secret ${secret}`,
    safety: "unsafe",
    edits: [fill(reference, reference.indent === undefined ? flow : lines)],
    additions: bound.has(key) ? [] : [{ path, file, key, text: `${key}=${text}`, private: true }],
    command: `kubectl create secret generic ${secret}${inNamespace(names, variable)} --from-env-file=${shellWord(path)}`,
  };
}

/** The namespace of the workload as an option of kubectl; nothing where none or several are written. */
function inNamespace({ namespaces }: Names, { subject, value: { span } }: Variable): string {
  const workload = subject.slice(0, Math.max(subject.indexOf(" / "), 0));
  const [namespace, ...others] = namespaces.get(`${span.file.path}\n${workload}`) ?? [];
  return namespace === undefined || others.length ? "" : ` --namespace ${shellWord(namespace)}`;
}

function namespacesOf({ objects }: Deployment): Names["namespaces"] {
  const found = new Map<string, Set<string | undefined>>();
  for (const { kind, subject, namespace } of objects) {
    const key = `${kind.span.file.path}\n${subject}`;
    found.set(key, (found.get(key) ?? new Set()).add(namespace));
  }
  return found;
}

function namesOf(model: Deployment): Names {
  const { files, envFiles, roles, secrets } = model;
  const references = new Map<string, Set<string>>();
  const compose = roles.filter(({ role }) => role === "Compose").map(({ file }) => file);
  const asking: readonly SourceFile[] = [...compose, ...files.filter(({ language }) => language === "dotenv")];
  for (const { text } of asking) {
    for (const { 0: written, 1: braced, 2: bare } of text.matchAll(REFERENCE)) {
      const name = (braced ?? bare)!;
      const known = references.get(name) ?? new Set();
      references.set(name, known);
      if (!written.startsWith(`\${${name}:?`)) known.add(written);
    }
  }
  const bindings = new Map(
    envFiles.map(({ file, variables }) => [
      file.path,
      new Map(
        variables.map(({ name, value: { value } }) => [name.value, value.from === "literal" ? value.text : undefined]),
      ),
    ]),
  );
  const examples = envFiles
    .filter(({ live }) => !live)
    .map(({ file, lines, documented }): [string, Example] => {
      const names = [...lines.map(({ name }) => name), ...documented].map(({ value }) => value);
      return [folderOf(file.path), { file, shown: new Set(names) }];
    });
  return {
    files: new Map(files.map((file) => [file.path, file])),
    bound: (path) => bindings.get(path) ?? new Map(),
    references,
    examples: new Map(examples.toReversed()),
    secrets: new Set(secrets.map(({ name }) => name.value)),
    namespaces: namespacesOf(model),
  };
}

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?:[^{}$\n]*\})?|\$([A-Za-z_][A-Za-z0-9_]*)/g;
