/** What a change, as git tells it, did to the files. Lines count from 1 and end at LF alone, as git counts them. */

export interface FileChange {
  /** Lines of the new text that were written: first and last of each run, in order. */
  readonly written: readonly (readonly [first: number, last: number])[];
  /** Lines that are gone, each with the line of the new text that stands before it, 0 at the top. */
  readonly removed: readonly { readonly after: number; readonly text: string }[];
}

/** By path from the root of the repository, `/` between names. */
export type Changes = ReadonlyMap<string, FileChange>;
