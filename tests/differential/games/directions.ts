import { DIRECTIONS } from "../../../src/envs/directions.ts";
import type { Dice } from "../dice.ts";
import { box } from "./game-cases.ts";

/** A reply with one of the four directions, now and then oddly written. */
export function anyDirection(dice: Dice): string {
  const direction = dice.pick(DIRECTIONS);
  const kind = dice.below(15);
  if (kind === 0) return `\\BOXED{${direction.toUpperCase()}}`;
  if (kind === 1)
    return `\\boxed{${dice.pick(DIRECTIONS)}} no, \\Boxed{${direction}} \\boxed{north}`;
  return box(direction);
}
