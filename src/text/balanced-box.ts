/** Reading a boxed answer whose content may hold braces of its own. */

const BOX = "\\boxed";

/**
 * The content of the last box of a reply, up to the brace that closes it: `\boxed{a{b}c}` gives `a{b}c`.
 *
 * Only the last `\boxed` counts, also when it is malformed and a good one stands before it. Linear in the reply's length.
 *
 * @returns undefined when there is no box, no brace follows the last one at once, or that brace is never closed
 */
export function lastBalancedBox(reply: string): string | undefined {
  const start = reply.lastIndexOf(BOX) + BOX.length;
  if (start < BOX.length || reply[start] !== "{") return undefined;
  let depth = 0;
  for (let i = start; i < reply.length; i++) {
    const character = reply[i];
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return reply.slice(start + 1, i);
  }
  return undefined;
}
