/** What the Kubernetes API says about objects as they are written. */
import type { Located } from "./files.ts";

/**
 * A field that the kind does not have, a value of a wrong type, or an apiVersion that does not have the kind: the API
 * server refuses the object.
 */
export interface FieldFault {
  readonly fault: "unknown" | "type" | "kind";
  readonly subject: string;
  /** At the key of an unknown field, at the value of a wrong type, at the apiVersion. */
  readonly field: Located<string>;
  /** Of the mapping that holds the field: `spec.template.spec.containers[0]`; "" at the root. */
  readonly path: string;
  /** The field, or the apiVersion, that was probably meant. */
  readonly suggestion?: string;
  /** Of a wrong type: "a text", "a number", "true or false", "a list", "a mapping". */
  readonly expected?: string;
  /** What is written instead: "a list"… Of an apiVersion: the kind. */
  readonly found?: string;
}

/** An apiVersion past its time (Kubernetes, "Deprecated API Migration Guide"). Versions of Kubernetes as "1.22". */
export interface Retirement {
  readonly deprecated: string;
  /** First version that does not serve it. Absent: it is still served. */
  readonly removed?: string;
  /** What took its place. Absent: nothing did. */
  readonly replacement?: string;
  /** The object needs no other change. */
  readonly compatible?: true;
}
