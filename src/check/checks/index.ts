import type { CheckName, Finding } from "../report.ts";
import type { CheckRun } from "../run.ts";
import { checkDeterminism } from "./determinism.ts";
import { checkFork } from "./fork.ts";
import { checkGarbage } from "./garbage.ts";
import { checkMemory } from "./memory.ts";
import { checkAfterClose, checkBeforeReset, checkClosingTwice } from "./order.ts";
import { checkRandomAction } from "./random-action.ts";
import { checkRewards } from "./rewards.ts";
import { checkStart } from "./start.ts";
import { checkState } from "./state.ts";
import { checkTypes } from "./types.ts";
import { checkUnseeded } from "./unseeded.ts";
import { checkVector } from "./vector.ts";

/** Makes a check. What it throws fails it. */
export type Check = (run: CheckRun) => Promise<Finding>;

/** Every check by name. */
export const CHECKS: Readonly<Record<CheckName, Check>> = {
  start: checkStart,
  types: checkTypes,
  garbage: checkGarbage,
  determinism: checkDeterminism,
  unseeded: checkUnseeded,
  vector: checkVector,
  fork: checkFork,
  state: checkState,
  random_action: checkRandomAction,
  before_reset: checkBeforeReset,
  closing_twice: checkClosingTwice,
  after_close: checkAfterClose,
  rewards: checkRewards,
  memory: checkMemory,
};
