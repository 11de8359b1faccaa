/** Reading a model's boxed answer. */

const OPENING = "\\boxed{";

/** How the word `boxed` may be spelled: as it is, or in any mix of ASCII capitals and small letters. */
export type BoxedSpelling = "exact" | "any-case";

/**
 * The content of the last well-formed box in a reply: malformed boxes after it do not count.
 *
 * Linear in the reply's length, as long as the grammar is linear and takes neither backslash nor brace in the content:
 * then no two attempts read the same characters.
 *
 * @param grammar a sticky pattern of the content and the closing brace, for example `/\d+\}/y`
 * @returns the content without braces, or undefined when there is no such box
 */
export function lastBoxed(
  reply: string,
  grammar: RegExp,
  spelling: BoxedSpelling = "exact",
): string | undefined {
  let brace = reply.lastIndexOf("{");
  while (brace >= OPENING.length - 1) {
    const start = brace + 1 - OPENING.length;
    if (reply.startsWith(OPENING, start) || (spelling === "any-case" && isOpening(reply, start))) {
      grammar.lastIndex = brace + 1;
      if (grammar.test(reply)) return reply.slice(brace + 1, grammar.lastIndex - 1);
    }
    brace = reply.lastIndexOf("{", brace - 1);
  }
  return undefined;
}

function isOpening(reply: string, start: number): boolean {
  return reply.slice(start, start + OPENING.length).toLowerCase() === OPENING;
}
