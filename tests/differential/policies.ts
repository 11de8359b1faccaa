import { Dice } from "./dice.ts";
import type { GameCases } from "./games/game-cases.ts";
import type { Policy } from "./run.ts";

/** Replies that no game takes, and some that look as if. */
const MALFORMED = [
  "",
  "no answer here",
  "\\boxed{}",
  "\\boxed{?}",
  "boxed{1}",
  "\\boxed {up}",
  "\\boxed{ 1 }",
  "\\boxed{-1}",
  "\\boxed{1,2}",
  "\\boxed{up",
  "\\boxed{upleft}",
  "\\boxed{00}",
  "\ud800\\boxed{\ud800}",
];

/** Right, wrong, repeated, out-of-range and malformed replies, and now and then the environment's own random action. */
export function mixed(game: GameCases, seed: number): Policy {
  const dice = new Dice(seed);
  return (state) => {
    if (dice.below(20) === 0) return dice.pick(MALFORMED);
    if (dice.below(12) === 0 && game.sampler !== "none") return 0;
    return game.mixed(state, dice);
  };
}

/** Nothing but the environment's own random actions, where the reference implementation has them. */
export function sampling(game: GameCases, seed: number): Policy {
  return game.sampler === "none" ? mixed(game, seed) : () => 0;
}

/** Plays to win where a simple player can, and goes on after that with mixed replies. */
export function winning(game: GameCases, seed: number): Policy {
  const otherwise = mixed(game, seed);
  const dice = new Dice(seed);
  return (state) => game.winning(state, dice) ?? otherwise(state);
}
