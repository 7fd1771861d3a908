/** The end of a `*_by_lua_block { … }`: braces count, but not those in Lua strings and comments (Lua 5.1 manual, 2.1). */
import { lineEnd } from "./lines.ts";

/** Offset behind the `}` that closes the block whose body starts at `from`; absent if it is never closed. Linear. */
export function luaEnd(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    const char = text[i]!;
    if (char === "{") depth++;
    else if (char === "}") {
      if (--depth === 0) return i + 1;
    } else if (char === '"' || char === "'") i = stringEnd(text, i);
    else if (char === "-" && text[i + 1] === "-") i = longEnd(text, i + 2) ?? lineEnd(text, i);
    else if (char === "[") i = longEnd(text, i) ?? i;
  }
  return undefined;
}

/** Offset of the closing quote; a Lua string ends at its line at the latest. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === text[at] || text[i] === "\n") return i;
  }
  return text.length;
}

/** Offset of the last character of the long bracket `[==[ … ]==]` that opens at `at`; absent if none opens there. */
function longEnd(text: string, at: number): number | undefined {
  if (text[at] !== "[") return undefined;
  let level = 0;
  while (text[at + 1 + level] === "=") level++;
  if (text[at + 1 + level] !== "[") return undefined;
  const close = `]${"=".repeat(level)}]`;
  const end = text.indexOf(close, at + level + 2);
  return end < 0 ? text.length : end + close.length - 1;
}
