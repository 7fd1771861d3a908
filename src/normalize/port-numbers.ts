/** Numbers of ports as text, whatever names them. */
import type { Span } from "../model.ts";

const NUMBERS = /^(\d{1,9})(?:-(\d{1,9}))?$/;

/** The first number above 65535 in a port or a range of ports; absent if there is none, or the word is neither. */
export function beyond(word: string): number | undefined {
  const [, ...written] = NUMBERS.exec(word) ?? [];
  return written.map(Number).find((number) => number > 65535);
}

/** Where a number is written in a short text; all of the text where it comes from elsewhere. */
export function digits(span: Span, number: number): Span {
  const { file, start, end } = span;
  const at = file.text.slice(start, end).indexOf(String(number));
  return at < 0 ? span : { file, start: start + at, end: start + at + String(number).length };
}
