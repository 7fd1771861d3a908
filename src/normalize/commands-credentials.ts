/** Credentials among the words of a command line. */
import type { Credential, Located } from "../model.ts";
import { programOf, type Words } from "./commands-words.ts";
import { credentialOf } from "./credentials.ts";
import { parts } from "./written.ts";

export interface Found {
  readonly option: string;
  readonly credential: Credential;
}

/** Short options that take a password: program → option. `attached`: the password follows without a blank. */
const SHORT: readonly (readonly [program: RegExp, option: string, form: "attached" | "next" | "userinfo"])[] = [
  [/^(?:mysql\w*|mariadb[\w-]*)$/, "-p", "attached"],
  [/^(?:redis-cli|valkey-cli|keydb-cli)$/, "-a", "next"],
  [/^(?:mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport)$/, "-p", "next"],
  [/^sqlcmd$/, "-P", "next"],
  [/^(?:ldapsearch|ldapadd|ldapmodify)$/, "-w", "next"],
  [/^(?:sshpass|docker|podman|helm)$/, "-p", "next"],
  [/^(?:keytool|jarsigner)$/, "-storepass", "next"],
  [/^(?:keytool|jarsigner)$/, "-keypass", "next"],
  [/^(?:curl|http|https|xh)$/, "-u", "userinfo"],
  [/^curl$/, "--user", "userinfo"],
  [/^cypher-shell$/, "-p", "next"],
  [/^(?:influx|clickhouse-client)$/, "-p", "next"],
];

/** Options whose value is `name=value` itself. */
const ASSIGNING = /^(?:-e|--env|--build-arg|--from-literal|--set|--set-string|-D|-E|-c|-v|--set-json)$/;

/**
 * Credentials that are written out in one simple command: `--password=…`, `--requirepass …`, `-p…` of mysql,
 * `redis-cli -a …`, `curl -u user:…`, `PGPASSWORD=…`, `--from-literal=key=…`, `-Dspring.datasource.password=…`,
 * `Authorization` headers, URLs with a password, keys of providers. References and placeholders are none.
 */
export function credentialsIn(words: Words): readonly Found[] {
  const { name: program, index } = programOf(words);
  const found: Found[] = [];
  const judge = (option: string, name: string, at: Located<string>): boolean => {
    const credential = credentialOf(name, { value: { from: "literal", text: at.value }, span: at.span });
    if (!credential || !/^(?:weak|strong|provider)$/.test(credential.kind)) return false;
    found.push({ option, credential });
    return true;
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const next = words[at + 1];
    const short =
      at > index ? SHORT.find(([of, option]) => of.test(program) && word.value.startsWith(option)) : undefined;
    if (short) {
      const [, option, form] = short;
      const rest = word.value.length > option.length ? from(word, option.length) : next;
      if (rest && form === "attached" && rest !== next) judge(option, "password", rest);
      else if (rest && form === "next" && (rest === next || option.length === 2)) judge(option, "password", rest);
      else if (rest && form === "userinfo" && rest.value.includes(":"))
        judge(option, "password", from(rest, rest.value.indexOf(":") + 1));
      if (form !== "attached" && rest === next) at++;
      continue;
    }
    const assignment = /^(-{0,2}[A-Za-z][\w.:-]*?)=/.exec(word.value);
    if (assignment) {
      const name = assignment[1]!;
      const value = from(word, assignment[0].length);
      const inner = ASSIGNING.test(name) ? /^([\w.:-]+)=/.exec(value.value) : null;
      if (inner) judge(name, inner[1]!, from(value, inner[0].length));
      else judge(name, bare(name), value);
    } else if (/^--?[A-Za-z]/.test(word.value)) {
      const takes =
        next && !next.value.startsWith("-") && !ASSIGNING.test(word.value) && !/^(?:id|type)=/.test(next.value);
      if (takes && judge(word.value, bare(word.value), next)) at++;
    } else {
      const header = /^["']?authorization:\s*(?:bearer|basic|token)\s+/i.exec(word.value);
      if (header) judge("Authorization", "token", from(word, header[0].length));
      else judge(words[at - 1]?.value.startsWith("-") ? words[at - 1]!.value : program, "", word);
    }
  }
  return found;
}

/** Name of an option as a variable would have it: without dashes and Java's `-D`. */
const bare = (option: string): string => option.replace(/^-D(?=[a-z]+[.A-Z])/, "").replace(/^-+/, "");

/** The rest of a word; a quote that opens it is dropped with the one that closes it. */
function from({ value, span }: Located<string>, offset: number): Located<string> {
  const quoted = /^(["']).*\1$/s.test(value.slice(offset)) && value.length - offset > 1 ? 1 : 0;
  const [start, end] = [offset + quoted, value.length - quoted];
  return { value: value.slice(start, end), span: parts(span, value)(start, end) };
}
