import { WHITE_SPACE } from "./white-space.ts";

const IS_SPACE = new RegExp(WHITE_SPACE);

/** The text without white space at its ends, as Python's `str.strip()` reads white space; linear in its length. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && IS_SPACE.test(text.charAt(start))) start += 1;
  while (end > start && IS_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
