/** Which engines read which `.env` file: Compose by its files, Node and Python by what their source imports. */
import type { EnvFile, EnvReader, Located, SourceFile, Span } from "../model.ts";
import { folderOf } from "./paths.ts";

/** Code that loads a `.env` file by the engine's own parser. */
const LOADERS = {
  javascript: /\b(?:from\s*|require\(\s*|import\s*)["']dotenv(?:\/config)?["']/,
  python: /\b(?:(?:from|import)[ \t]+dotenv|from[ \t]+environs|env_file\s*=)(?![\w-])/,
} as const;

/** Libraries by which Node replaces references; without one they stay as they are written. */
const EXPANDS = /["'](?:dotenv-expand|dotenv-flow|next|vite|@next\/env|@nestjs\/config|react-scripts)(?:\/[\w-]+)?["']/;

/**
 * Fills in `readBy`. Compose reads what its services (by subject) load, and `.env` in the folders of its projects; the
 * names of services are the places to show. Source reads the nearest `.env` of its folder or one above.
 */
export function envReaders(
  envs: readonly EnvFile[],
  files: readonly SourceFile[],
  compose: {
    readonly services: ReadonlyMap<string, Located<unknown>>;
    readonly folders: ReadonlyMap<string, Located<unknown>>;
  },
): readonly EnvFile[] {
  if (envs.length === 0) return envs;
  const byFolder = new Map<string, EnvFile[]>();
  for (const env of envs) {
    const folder = folderOf(env.file.path);
    const group = byFolder.get(folder);
    if (group) group.push(env);
    else byFolder.set(folder, [env]);
  }
  const expands = files.some(
    ({ language, text }) => language === "javascript" && text.length <= LONGEST && EXPANDS.test(text),
  );
  const readers = new Map<EnvFile, EnvReader[]>(envs.map((env) => [env, []]));
  const add = (env: EnvFile, reader: EnvReader) => {
    const known = readers.get(env)!;
    if (!known.some(({ dialect }) => dialect === reader.dialect)) known.push(reader);
  };
  for (const env of envs) {
    const user = env.usedBy.map((subject) => compose.services.get(subject)).find((name) => name !== undefined);
    const at = user ?? (isPlain(env.file.path) ? compose.folders.get(folderOf(env.file.path)) : undefined);
    if (at) add(env, { dialect: "compose", at: at.span, expands: true });
  }
  for (const file of files) {
    const at = loadsEnvFile(file);
    if (!at || file.stage === "test") continue;
    for (const env of nearest(folderOf(file.path), byFolder)) {
      add(
        env,
        file.language === "python" ? { dialect: "python", at, expands: true } : { dialect: "node", at, expands },
      );
    }
  }
  return envs.map((env) => ({ ...env, readBy: readers.get(env)! }));
}

/** The import or argument by which a source file loads a `.env` file; absent if it loads none. */
export function loadsEnvFile(file: SourceFile): Span | undefined {
  const { language, text } = file;
  if ((language !== "python" && language !== "javascript") || text.length > LONGEST) return undefined;
  if (!text.includes(language === "python" ? "env" : "dotenv")) return undefined;
  const match = LOADERS[language].exec(text);
  return match ? { file, start: match.index, end: match.index + match[0].length } : undefined;
}

/** Larger source is generated. In UTF-16 code units. */
const LONGEST = 512 * 1024;

const isPlain = (path: string): boolean => /(?:^|\/)\.env$/.test(path);

/** Examples count too: what a file reads is what its example shows. */
function nearest(folder: string, byFolder: ReadonlyMap<string, readonly EnvFile[]>): readonly EnvFile[] {
  for (let at = folder; ; at = folderOf(at)) {
    const found = byFolder.get(at)?.filter(({ file }) => /(?:^|\/)\.?env\b/.test(file.path));
    if (found?.length) return found;
    if (at === "") return [];
  }
}
