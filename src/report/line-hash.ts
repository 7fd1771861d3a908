/** The `primaryLocationLineHash` that code scanning tracks alerts by. */

const WINDOW = 100;
const BASE = 37;
const TWO_32 = 2 ** 32;

/**
 * One hash a line, `lines[0]` for line 1, as `<hexadecimal>:<n>` with n counting equal hashes in the file.
 *
 * The hash of a line is a polynomial of base 37 modulo 2^64 over the 100 UTF-16 code units from the line's start on,
 * spaces and tabs left out, every line end one LF; the text ends with the unit 65535 and then zeros. One pass, with
 * the 64 bits in two numbers of 32.
 */
export function lineHashes(text: string): readonly string[] {
  const [powerHigh, powerLow] = power(WINDOW);
  const window = new Uint16Array(WINDOW);
  /** Line that starts at each place of the window; 0: none. */
  const startsAt = new Uint32Array(WINDOW);
  const seen = new Map<string, number>();
  const lines: string[] = [];
  let high = 0;
  let low = 0;
  let at = 0;

  const emit = (line: number) => {
    const hash = high ? high.toString(16) + low.toString(16).padStart(8, "0") : low.toString(16);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    lines[line - 1] = `${hash}:${count}`;
  };
  /** Appends one unit; the line that starts where the oldest unit leaves has seen all of its units. */
  const push = (unit: number, line: number) => {
    if (startsAt[at]) emit(startsAt[at]!);
    const oldest = window[at]!;
    window[at] = unit;
    startsAt[at] = line;
    at = (at + 1) % WINDOW;
    const raised = low * BASE + unit;
    const leaving = powerLow * oldest;
    const newLow = raised - leaving;
    const carry = Math.floor(newLow / TWO_32);
    low = newLow - carry * TWO_32;
    high = modulo(high * BASE + carry - ((powerHigh * oldest) % TWO_32));
  };

  let line = 0;
  let fresh = true;
  const read = (unit: number) => {
    push(unit, fresh ? ++line : 0);
    fresh = unit === 10;
  };
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 32 || unit === 9 || (unit === 10 && text.charCodeAt(i - 1) === 13)) continue;
    read(unit === 13 ? 10 : unit);
  }
  read(65535);
  for (let i = 0; i < WINDOW; i++) push(0, 0);
  return lines;
}

const modulo = (value: number): number => ((value % TWO_32) + TWO_32) % TWO_32;

/** 37 to the power of `exponent`, modulo 2^64, as two halves of 32 bits. */
function power(exponent: number): readonly [high: number, low: number] {
  let high = 0;
  let low = 1;
  for (let i = 0; i < exponent; i++) {
    const raised = low * BASE;
    const carry = Math.floor(raised / TWO_32);
    low = raised - carry * TWO_32;
    high = (high * BASE + carry) % TWO_32;
  }
  return [high, low];
}
