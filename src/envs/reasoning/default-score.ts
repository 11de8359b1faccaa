/**
 * What reasoning_gym's default scorer gives: 1 for the item's own answer, its share of the length of an answer that contains
 * it, else 0. An empty answer earns nothing, also where it is the item's own.
 *
 * @returns float64 between 0 and 1
 */
export function defaultScore(answer: string, own: string): number {
  if (own === "" || answer === "") return 0;
  if (answer === own) return 1;
  return answer.includes(own) ? codePoints(own) / codePoints(answer) : 0;
}

/** The length that Python gives a text. */
function codePoints(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) count -= 1;
  }
  return count;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
