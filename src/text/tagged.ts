import { strip } from "./strip.ts";

const OPEN = "<answer>";
const CLOSE = "</answer>";
const FENCE = "```";
const FENCE_MARK = /```[\p{L}\p{N}_]*\n/uy;

/** The stripped inside of the last `<answer>…</answer>` of a reply, or undefined. Linear in its length. */
export function lastTagged(reply: string): string | undefined {
  let found: string | undefined;
  let start = reply.indexOf(OPEN);
  while (start >= 0) {
    const end = reply.indexOf(CLOSE, start + OPEN.length);
    if (end < 0) break;
    found = reply.slice(start + OPEN.length, end);
    start = reply.indexOf(OPEN, end + CLOSE.length);
  }
  return found === undefined ? undefined : strip(found);
}

/**
 * The stripped content of the last fenced block of a reply, or undefined: three backticks, word characters or none, the end of the
 * line, the content, three backticks. Linear in its length.
 */
export function lastFenced(reply: string): string | undefined {
  let found: string | undefined;
  let at = reply.indexOf(FENCE);
  while (at >= 0) {
    FENCE_MARK.lastIndex = at;
    if (!FENCE_MARK.test(reply)) {
      at = reply.indexOf(FENCE, at + 1);
      continue;
    }
    const start = FENCE_MARK.lastIndex;
    const end = reply.indexOf(FENCE, start);
    if (end < 0) break;
    found = reply.slice(start, end);
    at = reply.indexOf(FENCE, end + FENCE.length);
  }
  return found === undefined ? undefined : strip(found);
}
