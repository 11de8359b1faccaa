import { strip } from "../../text/strip.ts";

/** A piece of code in an action, and the action up to its end. */
export interface CodeBlock {
  readonly code: string;
  readonly action: string;
}

interface Found {
  /** Where the code is: from `start` to `stop`. */
  readonly start: number;
  readonly stop: number;
  /** Where the closing mark ends. */
  readonly end: number;
}

const OPEN = "<python>";
const CLOSE = "</python>";
const FENCE = "```";
const WORD = "python";

/**
 * The code of an action: between `<python>` and `</python>`, or in a fence that is marked `python` (also on a line of its own). Of the
 * first of each kind the one that ends earlier counts.
 */
export function findCode(action: string): CodeBlock | undefined {
  const tags = findTags(action);
  const fence = findFence(action);
  const found = tags === undefined || (fence !== undefined && fence.end <= tags.end) ? fence : tags;
  if (found === undefined) return undefined;
  return {
    code: strip(action.slice(found.start, found.stop)),
    action: action.slice(0, found.end),
  };
}

function findTags(action: string): Found | undefined {
  const open = action.indexOf(OPEN);
  if (open < 0) return undefined;
  return closedBy(action, open + OPEN.length, CLOSE);
}

// Upstream quirk Q50: only the letters `python` are looked for, so a fence marked `python3` is one whose code begins with `3`.
function findFence(action: string): Found | undefined {
  for (let at = action.indexOf(FENCE); at >= 0; at = action.indexOf(FENCE, at + 1)) {
    const after = at + FENCE.length;
    const word = action.startsWith("\n", after) ? after + 1 : after;
    if (action.startsWith(WORD, word)) return closedBy(action, word + WORD.length, FENCE);
  }
  return undefined;
}

function closedBy(action: string, start: number, mark: string): Found | undefined {
  const stop = action.indexOf(mark, start);
  return stop < 0 ? undefined : { start, stop, end: stop + mark.length };
}
