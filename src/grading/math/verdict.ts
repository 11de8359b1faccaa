/** Who decided: forms of texts, values in TypeScript, or the libraries in a host. */
export type Tier = "exact" | "symbolic" | "host";

/** What finds two answers equal: their forms as texts, their values as plain text, or Math-Verify. */
export type Stage = "string" | "value" | "verified";

/** Whether an answer is right, and who decided that. */
export interface Verdict {
  readonly correct: boolean;
  readonly tier: Tier;
  /** What found it right. */
  readonly stage?: Stage;
}

/** A verdict that it is wrong. */
export function wrong(tier: Tier): Verdict {
  return { correct: false, tier };
}

/** A verdict that it is right. */
export function right(tier: Tier, stage: Stage): Verdict {
  return { correct: true, tier, stage };
}
