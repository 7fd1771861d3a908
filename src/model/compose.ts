/** What Compose files say beside what runs: keys nobody knows, variables nobody sets, overrides that change nothing. */
import type { Blank, Located, Span } from "./files.ts";

/** A key that is not part of the Compose Specification. */
export interface UnknownKey {
  readonly key: Located<string>;
  /** "service api", "network backend"; "" for a key of the file itself. */
  readonly subject: string;
  /** From the subject on, with dots: `deploy.resource`. */
  readonly path: string;
  /** The known key that is closest to it. */
  readonly suggestion?: string;
  /** It names something (a service, a volume) and has characters that such a name may not have. */
  readonly name?: true;
}

/**
 * A `${NAME}` that nothing gives a value: no `.env`, default or guard. Compose puts in an empty text. One for each name
 * and project; whoever starts the project may still export it.
 */
export interface UnsetVariable {
  /** The first reference, `$` and braces included. */
  readonly name: Located<string>;
  readonly subject: string;
  readonly project: string;
  /** Further references to it. */
  readonly others: readonly Span[];
  /** Each reference is all that an entry of `environment` says: it hands on what whoever starts the project has set. */
  readonly handedOn: boolean;
  /** Where an example of the project's `.env` names it. */
  readonly example?: Span;
}

/** A list or map of a service in a later Compose file, which is added to that of an earlier one, not put in its place. */
export interface Override {
  readonly project: string;
  readonly subject: string;
  /** Name of the service. */
  readonly owner: string;
  /** `ports`, at the key in the later file. */
  readonly attribute: Located<string>;
  /** The key in the earlier file. */
  readonly base: Span;
  /** Nothing in it is new: what runs is what the earlier file says. */
  readonly ineffective: boolean;
  /** Ports that it binds to a narrower address while the earlier file's port stays published on every interface. */
  readonly kept: readonly KeptPort[];
  /** Where ` !override` is written to make it replace the earlier one; absent if something else would be lost by that. */
  readonly replaces?: Blank;
  /** The items of the later file as they are written, for snippets; absent if one is not a single value. */
  readonly items?: readonly string[];
}

export interface KeptPort {
  /** In the later file. */
  readonly port: Located<string>;
  /** In the earlier file. */
  readonly base: Located<string>;
}
