/** Versions of images that a project names somewhere, for images that name none. */
import type { Deployment, ImageReference, Place, Span } from "../src/rule.ts";

/** With the registry, unless it is Docker Hub. */
export const nameOf = ({ registry, repository }: ImageReference): string =>
  (registry ? `${registry}/` : "") + repository;

const isPinned = ({ known, tag, digest }: ImageReference): boolean =>
  known && (digest !== undefined || (tag !== undefined && !MOVING.test(tag)));

/** A version that the project names: `:16.6`, `:16.6@sha256:…`, `@sha256:…`. */
export interface Pin {
  readonly at: Place;
  readonly version: string;
}

/** Versions by image name: of other references, and of variables such as `POSTGRES_VERSION` and `POSTGRES_IMAGE`. */
export function pinsOf({ images, variables }: Deployment): ReadonlyMap<string, readonly Pin[]> {
  const pins = new Map<string, Pin[]>();
  const add = (name: string, pin: Pin) => {
    const known = pins.get(name);
    if (!known) pins.set(name, [pin]);
    else if (known.length < MOST_PINS) known.push(pin);
  };
  for (const image of images.filter(isPinned)) {
    const { reference, tag, digest } = image;
    add(nameOf(image), { at: reference, version: (tag ? `:${tag}` : "") + (digest ? `@${digest}` : "") });
  }
  const byVariable = new Map<string, string | undefined>();
  for (const name of new Set(images.map(nameOf))) {
    const word = variableWord(name);
    byVariable.set(word, byVariable.has(word) ? undefined : name);
  }
  for (const { name, value } of variables) {
    const [, word, what] = /^(\w+?)_(IMAGE_TAG|TAG|VERSION|IMAGE)$/.exec(name.value) ?? [];
    const image = byVariable.get(word ?? "");
    if (!image || value.value.from !== "literal") continue;
    const [, given, version] = /^(?:(.+):)?(v?\d[\w.-]*)$/.exec(value.value.text) ?? [];
    if (version && (what === "IMAGE" ? given === image : given === undefined))
      add(image, { at: value, version: `:${version}` });
  }
  return pins;
}

/** Pins of one image that are looked at: more than one kind is no answer anyway. */
const MOST_PINS = 20;

/** `prom/prometheus` → `PROMETHEUS`. */
const variableWord = (name: string): string =>
  name
    .slice(name.lastIndexOf("/") + 1)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "_");

/** A pin of the same variant: `alpine` for `16.6-alpine3.20`; branches such as `main` and `nightly` fit nothing. */
export const fits = (tag: string | undefined, version: string): boolean =>
  (tag === undefined || RELEASES.test(tag)) &&
  variantOf(tag ?? "") === variantOf(version.replace(/@.*$/, "").replace(/^:/, ""));

/** Words of a tag that tell images of one release apart. */
const variantOf = (tag: string): string =>
  tag
    .toLowerCase()
    .split("-")
    .map((word) => word.replace(/[\d.]+/g, ""))
    .filter((word) => word.length > 2 && !RELEASE_WORDS.has(word))
    .join("-");

const RELEASE_WORDS: ReadonlySet<string> = new Set(
  "latest stable mainline rolling lts current release final".split(" "),
);

const RELEASES = /^(?:latest|stable|mainline|rolling|lts|current|alpine|slim)(?:-|$)/i;

/** What is written of the tag, with its colon; the place for it where there is none. Absent where a variable decides. */
export function tagOf({ reference: { span }, tag }: ImageReference): Span | undefined {
  const { file, start, end } = span;
  const written = file.text.slice(start, end);
  if (/[$\s"']/.test(written)) return undefined;
  if (tag === undefined) return { file, start: end, end };
  return written.endsWith(`:${tag}`) ? { file, start: end - tag.length - 1, end } : undefined;
}

/** Names that a registry moves from release to release, with the variants that images come in, and variants alone. */
export const MOVING =
  /^(?:(?:latest|stable|edge|nightly|dev|develop|development|main|master|beta|canary|mainline|rolling|lts|current|unstable|testing)(?:-[a-z]+[\d.]*)*|alpine|slim|alpine-slim)$/i;
