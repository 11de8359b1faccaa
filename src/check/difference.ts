import { shorten } from "./canonical.ts";

/** Two logs of the same actions, and who wrote them. */
export interface Logs {
  readonly expected: readonly string[];
  readonly got: readonly string[];
  /** Who said what is expected, for example `alone`. */
  readonly by: string;
  /** Who said the other, for example `in a vector`. */
  readonly other: string;
}

/** Where two logs first differ, as a sentence; undefined when they do not. */
export function difference({ expected, got, by, other }: Logs): string | undefined {
  const length = Math.max(expected.length, got.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [expected[index] ?? "nothing", got[index] ?? "nothing"];
    if (a === b) continue;
    const start = commonStart(a, b);
    return `entry ${index + 1} of what they said differs: ${by} ${window(a, start)}, ${other} ${window(b, start)}.`;
  }
  return undefined;
}

function commonStart(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  return index;
}

/** A long text from a little before the first difference on. */
function window(text: string, start: number): string {
  const from = Math.max(0, start - 80);
  return from === 0 ? shorten(text) : `…${shorten(text.slice(from))}`;
}
