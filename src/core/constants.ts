/** The observation that single-turn environments give after their last step (fullwidth vertical bars, U+FF5C). */
export const TERMINAL_STATE = "<｜TERMINAL_STATE｜>";

/** Rewards that all language games share (float64). Source: gem/utils/constants.py. */
export const GAME_REWARD = {
  success: 1,
  internalStep: 0,
  fail: 0,
  invalidAction: 0,
  formatError: -0.1,
} as const;
