import type { Family } from "../../core/family.ts";
import { crosswords } from "./crosswords/crosswords.ts";
import { fifteenPuzzle } from "./fifteen-puzzle/fifteen-puzzle.ts";
import { game2048 } from "./game-2048/game-2048.ts";
import { guessTheNumber } from "./guess-the-number.ts";
import { hangman } from "./hangman.ts";
import { mastermind } from "./mastermind/mastermind.ts";
import { minesweeper } from "./minesweeper/minesweeper.ts";
import { sokoban } from "./sokoban/sokoban.ts";
import { sudoku } from "./sudoku/sudoku.ts";
import { towerOfHanoi } from "./tower-of-hanoi/tower-of-hanoi.ts";
import { wikiGame } from "./wiki-game/wiki-game.ts";
import { wordSearch } from "./word-search/word-search.ts";
import { wordle } from "./wordle.ts";

/** Every game, in upstream's order of registration. */
export const games: readonly Family[] = [
  guessTheNumber,
  mastermind,
  minesweeper,
  wordle,
  fifteenPuzzle,
  hangman,
  sudoku,
  towerOfHanoi,
  game2048,
  sokoban,
  crosswords,
  wordSearch,
  wikiGame,
];
