/** Finds the object that a name refers to, across files and namespaces. */

export interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  /** Folder of the manifest. Of several objects of one name, as in `dev/` and `prod/`, the neighbour is meant. */
  readonly folder: string;
}

/** The object of that kind and name which `from` would meet in its namespace; an unset namespace fits any. */
export type Directory<T extends Named> = (
  kind: string,
  name: string,
  from: { readonly namespace?: string | undefined; readonly folder: string },
) => T | undefined;

const ANY = "*";

/** Constant time for each look-up, whatever the number of objects. */
export function directory<T extends Named>(objects: readonly T[]): Directory<T> {
  const found = new Map<string, T>();
  const key = (folder: string, namespace: string, kind: string, name: string) =>
    `${folder}\0${namespace}\0${kind}\0${name}`;
  for (const object of objects) {
    const { folder, namespace = "", kind, name } = object;
    for (const where of [`/${folder}`, ANY]) {
      for (const space of [namespace, ANY]) {
        const known = key(where, space, kind, name);
        if (!found.has(known)) found.set(known, object);
      }
    }
  }
  return (kind, name, { namespace, folder }) => {
    const spaces = namespace ? [namespace, ""] : ["", ANY];
    for (const where of [`/${folder}`, ANY]) {
      for (const space of spaces) {
        const object = found.get(key(where, space, kind, name));
        if (object) return object;
      }
    }
    return undefined;
  };
}

/** True if two objects may live in one namespace. */
export const sameNamespace = (
  a: { readonly namespace?: string | undefined },
  b: { readonly namespace?: string | undefined },
) => !a.namespace || !b.namespace || a.namespace === b.namespace;
