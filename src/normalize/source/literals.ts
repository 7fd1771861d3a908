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

/**
 * Text that a name may hold in source without being a secret: sentences, names of other variables, selectors,
 * translation keys, types of form fields and schemas, the word itself.
 */
function isProse(name: string, text: string): boolean {
  const bare = (word: string) => word.replaceAll(/[\s_-]/g, "").toLowerCase();
  return (
    /\s/.test(text) ||
    /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text) ||
    /^[#.[]|^[a-z]+(?:\.[a-zA-Z]+)+$|^(?:string|str|text|number|bearer|basic|header|hidden|required|none)$/i.test(
      text,
    ) ||
    bare(name) === bare(text)
  );
}

export function credentialLiterals(module: Module, reads: readonly Read[]): CredentialLiteral[] {
  return namedStrings(module, reads).flatMap(({ key, literal }) => {
    if (isProse(key.value, literal.text)) return [];
    const value = located(module, literal, { from: "literal" as const, text: literal.text });
    const credential = credentialOf(key.value, value);
    if (!credential || credential.kind === "empty" || credential.kind === "reference") return [];
    return [{ name: key, credential, subject: module.file.path }];
  });
}

/** Connection strings, named or not: those with a user, and those of databases. */
export function urlsOf(module: Module, reads: readonly Read[]): ServiceUrl[] {
  const named = new Map(namedStrings(module, reads).map(({ key, literal }) => [literal, key.value]));
  const strings = module.tree.expressions.filter((node) => node.kind === "string" && node.text.includes("://"));
  return strings.flatMap((node) => {
    if (node.kind !== "string") return [];
    const url = serviceUrl({
      at: located(module, node, node.text),
      key: named.get(node) ?? "",
      subject: module.file.path,
    });
    return url && (url.database || url.password) ? [url] : [];
  });
}
