import type { Picture, PictureCell } from "../../picture.ts";

/** What a guess is answered with. */
export interface Pegs {
  /** Numbers in their right place. */
  readonly black: number;
  /** Further numbers that the code has elsewhere, each as often as both have it. */
  readonly white: number;
}

/** The pegs of a guess that is as long as the code. */
export function pegsOf(guess: readonly number[], code: readonly number[]): Pegs {
  const left = new Map<number, number>();
  const misplaced: number[] = [];
  for (const [i, number] of code.entries()) {
    const guessed = guess[i];
    if (guessed === undefined || guessed === number) continue;
    left.set(number, (left.get(number) ?? 0) + 1);
    misplaced.push(guessed);
  }
  let white = 0;
  for (const number of misplaced) {
    const count = left.get(number) ?? 0;
    if (count === 0) continue;
    left.set(number, count - 1);
    white += 1;
  }
  return { black: code.length - misplaced.length, white };
}

/** What is to be seen of guesses: their numbers and pegs, and room for the next one until the code is found. */
export function pictureOf(
  guesses: readonly (readonly number[])[],
  code: readonly number[],
): Picture {
  const rows = guesses.map((guess) => pegRow(guess, code));
  const isFound = guesses.some((guess) => guess.every((number, i) => number === code[i]));
  const next = code.map((): PictureCell => ({ text: "", tone: "empty" }));
  return {
    rows: isFound ? rows : [...rows, next],
    columnLabels: [...code.map(() => ""), "B", "W"],
    notes: ["B: numbers in the right place", "W: numbers in another place"],
  };
}

/** A guess and its two counts; which of its numbers are right is not to be seen. */
function pegRow(guess: readonly number[], code: readonly number[]): PictureCell[] {
  const { black, white } = pegsOf(guess, code);
  return [
    ...guess.map((number): PictureCell => ({ text: String(number), tone: "given" })),
    { text: String(black), tone: "wall" },
    { text: String(white), tone: "plain" },
  ];
}
