/** Lines of a text whose line ends are `\n`; a `\r` before one belongs to the line. */

/** Offset of the line end at or behind an offset, or of the end of the text. */
export const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};
