import { GemError, didYouMean, show } from "../errors.ts";

/**
 * The ids that patterns stand for, in the order of the patterns, each once: an id stands for itself, and in others `*` stands for any text.
 *
 * @throws GEM_UNKNOWN_ENV when a pattern stands for none
 */
export function matchIds(patterns: readonly string[], ids: readonly string[]): readonly string[] {
  const matched = patterns.flatMap((pattern) => {
    const found = ids.filter((id) => isMatch(pattern, id));
    if (found.length > 0) return found;
    throw new GemError(
      "GEM_UNKNOWN_ENV",
      `No environment is called ${show(pattern)}.${didYouMean(pattern, ids)} \`gem list\` lists them all.`,
    );
  });
  return [...new Set(matched)];
}

/** Whether the texts between the stars of a pattern follow each other in an id. */
function isMatch(pattern: string, id: string): boolean {
  const parts = pattern.split("*");
  const last = parts.pop() ?? "";
  const [first, ...middle] = parts;
  if (first === undefined) return id === last;
  if (!id.startsWith(first) || !id.endsWith(last)) return false;
  let position = first.length;
  for (const part of middle) {
    const found = id.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return position <= id.length - last.length;
}
