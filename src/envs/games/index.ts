import type { Family } from "../../core/family.ts";
import { game2048 } from "./game-2048/game-2048.ts";
import { guessTheNumber } from "./guess-the-number.ts";
import { sokoban } from "./sokoban/sokoban.ts";

/** Every game, in upstream's order of registration. */
export const games: readonly Family[] = [guessTheNumber, game2048, sokoban];
