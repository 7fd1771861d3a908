/** Credentials and connection strings that source writes out. */
import type { CredentialLiteral, Located, ServiceUrl } from "../../model.ts";
import type { Expression, StringLiteral } from "../../parse/script.ts";
import { credentialOf } from "../credentials.ts";
import { serviceUrl } from "../urls.ts";
import { located, type Module } from "./modules.ts";
import { core, type Read } from "./reads.ts";

/** A string and the name that source gives it. */
interface NamedString {
  readonly key: Located<string>;
  readonly literal: StringLiteral;
}

/** Assignments, entries, arguments, and the fallbacks of environment reads. A string that a read names is the read's. */
function namedStrings(module: Module, reads: readonly Read[]): NamedString[] {
  const seen = new Set<Expression>();
  const strings = [
    ...reads.map(({ name, fallback }) => ({ key: name, value: fallback })),
    ...module.bindings.map(({ key, value }) => ({ key: located(module, key, key.text), value })),
  ];
  return strings.flatMap(({ key, value }) => {
    const literal = value && core(value);
    if (literal?.kind !== "string" || seen.has(literal)) return [];
    seen.add(literal);
    return [{ key, literal }];
  });
}

/** Names that are no expression of the language (a dictionary's key may be one). */
const NAME = /^[\w$@-]+$/;

/**
 * Text that a name may hold in source without being a secret: sentences and other alphabets, names of variables,
 * regular expressions, selectors, translation keys, types of form fields and schemas, the word itself.
 */
function isProse(name: string, text: string): boolean {
  const bare = (word: string) => word.replaceAll(/[\s_-]/g, "").toLowerCase();
  return (
    !/^[\x21-\x7e]+$/.test(text) ||
    !/[A-Za-z0-9]{3}/.test(text) ||
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text) ||
    /\(\?[:=!]|\[\^|\\[wds]|^[?}]/.test(text) ||
    /^[#.[]|^[a-z]+(?:\.[a-zA-Z]+)+$|^(?:string|str|text|number|bearer|basic|header|hidden|required|none)$/i.test(
      text,
    ) ||
    bare(name) === bare(text)
  );
}

/** Words without a digit: a password may be one; an identifier, a token, an API key or a status called `pass` is none. */
const isWord = (name: string, text: string, purpose: string): boolean =>
  /^[a-z]+(?:_[a-z]+)+$/.test(text) ||
  (/^[A-Za-z]+(?:[-_][A-Za-z]+)*$/.test(text) && (name === "pass" || !/password|secret/.test(purpose)));

/** Names that are given a literal credential, classified by `credentialOf`; references and empty texts are none. */
export function credentialLiterals(module: Module, reads: readonly Read[]): CredentialLiteral[] {
  return namedStrings(module, reads).flatMap(({ key, literal }) => {
    if (!NAME.test(key.value) || isProse(key.value, literal.text)) return [];
    const value = located(module, literal, { from: "literal" as const, text: literal.text });
    const credential = credentialOf(key.value, value);
    if (!credential || credential.kind === "empty" || credential.kind === "reference") return [];
    if (credential.kind === "strong" && isWord(key.value, literal.text, credential.purpose)) return [];
    return [{ name: key, credential, subject: module.file.path }];
  });
}

/** Connection strings, named or not: those with a password, and those of a database on a host that is written out. */
export function urlsOf(module: Module, reads: readonly Read[]): ServiceUrl[] {
  const named = new Map(namedStrings(module, reads).map(({ key, literal }) => [literal, key.value]));
  const strings = module.tree.expressions.filter((node) => node.kind === "string" && node.text.includes("://"));
  return strings.flatMap((node) => {
    if (node.kind !== "string") return [];
    const url = serviceUrl({
      at: located(module, node, node.text),
      key: named.get(node) ?? "connection URL",
      subject: module.file.path,
    });
    return url && (url.password || (url.database && url.host !== undefined)) ? [url] : [];
  });
}
