import type { GameCases } from "./game-cases.ts";
import { crosswords } from "./crosswords.ts";
import { game2048 } from "./game-2048.ts";
import { guessTheNumber } from "./guess-the-number.ts";
import { hangman } from "./hangman.ts";
import { mastermind } from "./mastermind.ts";
import { minesweeper } from "./minesweeper.ts";
import { sokoban } from "./sokoban.ts";
import { sudoku } from "./sudoku.ts";
import { towerOfHanoi } from "./tower-of-hanoi.ts";
import { wordSearch } from "./word-search.ts";
import { wordle } from "./wordle.ts";

/** Every game, in upstream's order of registration. */
export const games: readonly GameCases[] = [
  guessTheNumber,
  mastermind,
  minesweeper,
  wordle,
  hangman,
  sudoku,
  towerOfHanoi,
  game2048,
  sokoban,
  crosswords,
  wordSearch,
];
