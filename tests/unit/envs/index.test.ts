import { describe, expect, it } from "vitest";
import { families } from "../../../src/envs/index.ts";

describe("families", () => {
  it("hold the games in upstream's order of registration", () => {
    const ids = families.flatMap((family) => Object.keys(family.variants));
    expect(ids.filter((id) => id.startsWith("game:"))).toEqual([
      "game:GuessTheNumber-v0-hard",
      "game:GuessTheNumber-v0-easy",
      "game:GuessTheNumber-v0-random",
      "game:GuessTheNumber-v0",
      "game:Mastermind-v0-hard",
      "game:Mastermind-v0-random",
      "game:Mastermind-v0-easy",
      "game:Minesweeper-v0-easy",
      "game:Minesweeper-v0-hard",
      "game:Minesweeper-v0-random",
      "game:Wordle-v0-hard",
      "game:Wordle-v0-easy",
      "game:Wordle-v0-random",
      "game:FifteenPuzzle-v0-random",
      "game:FifteenPuzzle-v0-easy",
      "game:FifteenPuzzle-v0-hard",
      "game:Hangman-v0-random",
      "game:Hangman-v0-easy",
      "game:Hangman-v0-hard",
      "game:Sudoku-v0-easy",
      "game:Sudoku-v0-hard",
      "game:Sudoku-v0-random",
      "game:TowerofHanoi-v0-easy",
      "game:TowerofHanoi-v0-hard",
      "game:TowerofHanoi-v0-random",
      "game:Game2048-v0-easy",
      "game:Game2048-v0-hard",
      "game:Game2048-v0-extreme-hard",
      "game:Game2048-v0-random",
      "game:Sokoban-v0-easy",
      "game:Sokoban-v0-hard",
      "game:Sokoban-v0-random",
      "game:Crosswords-v0-easy",
      "game:Crosswords-v0-hard",
      "game:Crosswords-v0-random",
      "game:WordSearch-v0-easy",
      "game:WordSearch-v0-hard",
      "game:WordSearch-v0-random",
      "game:WikiGame-v0-easy",
      "game:WikiGame-v0-hard",
    ]);
  });

  it("give the games without a level their easy one", () => {
    expect(Object.assign({}, ...families.map((family) => family.aliases))).toEqual({
      "game:Mastermind-v0": "game:Mastermind-v0-easy",
      "game:Minesweeper-v0": "game:Minesweeper-v0-easy",
      "game:Wordle-v0": "game:Wordle-v0-easy",
      "game:FifteenPuzzle-v0": "game:FifteenPuzzle-v0-easy",
      "game:Hangman-v0": "game:Hangman-v0-easy",
      "game:Sudoku-v0": "game:Sudoku-v0-easy",
      "game:TowerofHanoi-v0": "game:TowerofHanoi-v0-easy",
      "game:Game2048-v0": "game:Game2048-v0-easy",
      "game:Sokoban-v0": "game:Sokoban-v0-easy",
      "game:Crosswords-v0": "game:Crosswords-v0-easy",
      "game:WordSearch-v0": "game:WordSearch-v0-easy",
      "game:WikiGame-v0": "game:WikiGame-v0-easy",
    });
  });
});
