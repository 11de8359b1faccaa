import type { GameCases } from "./game-cases.ts";
import { game2048 } from "./game-2048.ts";
import { guessTheNumber } from "./guess-the-number.ts";
import { sokoban } from "./sokoban.ts";

/** Every game, in upstream's order of registration. */
export const games: readonly GameCases[] = [guessTheNumber, game2048, sokoban];
