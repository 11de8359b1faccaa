import type { MaybePromise } from "../../core/maybe-promise.ts";
import { GemError, show } from "../../errors.ts";
import { lastBalancedBox } from "../../text/balanced-box.ts";
import { pythonNumber } from "../../text/python-number.ts";
import { decide, decideFast, decideStrictly, isLong, isOutOfProportion } from "./decide.ts";
import { askHost, type HostFunction } from "./host-grading.ts";
import { checkTwin, type Disagreement } from "./twin.ts";
import { wrong, type Verdict } from "./verdict.ts";

export type { Disagreement } from "./twin.ts";
export type { Stage, Tier, Verdict } from "./verdict.ts";

/** How answers are judged: `compat` gives upstream's verdicts, the wrong ones included, `strict` sound ones. */
export type MathProfile = "compat" | "strict";

/** What an answer is compared with; of several golds one has to be met. */
export type Gold = string | number | readonly (string | number)[];

/** How an answer is graded. */
export interface GradingOptions {
  /** Default `compat`. */
  readonly profile?: MathProfile;
  /** Whether `compat` does without Math-Verify, as upstream's option of this name; default false. */
  readonly fast?: boolean;
  /** An environment's id, for messages. */
  readonly owner?: string;
  /** How long a check may run in a host, in ms; default 10 s. */
  readonly deadlineMs?: number;
  /** The share of checks that a host repeats to compare verdicts, 0 … 1; default 0. */
  readonly twin?: number;
  /** Told of verdicts that the host does not share; by default the log is. */
  readonly onDisagreement?: (disagreement: Disagreement) => void;
}

const BOX = "\\boxed";

/**
 * Grades what a reply has in its last `\boxed{…}`. A reply without one is wrong.
 *
 * @returns a verdict at once where TypeScript decides, else a promise
 * @throws GEM_DEADLINE, GEM_ENV_FAULT when the check cannot be finished, GEM_UNAVAILABLE when the libraries are not installed: never
 *   a verdict that the answer is wrong; GEM_INVALID_ARGUMENT for golds of another kind
 */
export function gradeMath(
  reply: string | null,
  gold: Gold,
  options: GradingOptions = {},
): MaybePromise<Verdict> {
  return gradeAnswer(reply === null ? undefined : lastBalancedBox(reply), gold, options);
}

/**
 * Grades an answer that has been taken out of its reply; undefined is wrong.
 *
 * @throws as `gradeMath`
 */
export function gradeAnswer(
  answer: string | undefined,
  gold: Gold,
  options: GradingOptions = {},
): MaybePromise<Verdict> {
  const golds = goldTexts(gold);
  if (answer === undefined) return wrong("exact");
  const { profile: name = "compat", fast = false } = options;
  const profile = PROFILES[fast && name === "compat" ? "fast" : name];
  const undecided: string[] = [];
  let verdict: Verdict = wrong("exact");
  for (const text of golds) {
    // Differs from upstream D109: an answer out of all proportion is wrong; upstream's check of it runs out of time, which is wrong too.
    const here = isOutOfProportion(answer, text) ? wrong("exact") : profile.decide(answer, text);
    if (here === undefined) undecided.push(text);
    else twinOf(profile.all, answer, text, here, options);
    if (here?.correct === true) return here;
    verdict = here ?? verdict;
  }
  return undecided.length === 0 ? verdict : askAll(answer, undecided, profile, options);
}

/** The functions of a profile: what decides here, and what of the host is asked for the rest and for all. */
interface Profile {
  readonly decide: (answer: string, gold: string) => Verdict | undefined;
  readonly rest: HostFunction;
  readonly all: HostFunction;
}

const PROFILES: Readonly<Record<MathProfile | "fast", Profile>> = {
  compat: { decide, rest: "grade_values", all: "grade" },
  fast: { decide: decideFast, rest: "grade_fast", all: "grade_fast" },
  // Differs from upstream D93: what this profile finds equal is equal.
  strict: { decide: decideStrictly, rest: "grade_strictly", all: "grade_strictly" },
};

async function askAll(
  answer: string,
  golds: readonly string[],
  { rest, all }: Profile,
  { owner = "math grading", deadlineMs }: GradingOptions,
): Promise<Verdict> {
  const run = { owner, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
  const outcomes = await Promise.allSettled(
    golds.map((gold) => askHost(isLong(answer, gold) ? all : rest, answer, gold, run)),
  );
  let fault: unknown;
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") fault ??= outcome.reason;
    else if (outcome.value.correct) return outcome.value;
  }
  // Differs from upstream D90: a check that cannot be finished is a fault; upstream's says that the answer is wrong.
  if (fault !== undefined) throw fault instanceof Error ? fault : new Error(show(fault));
  return wrong("host");
}

function twinOf(
  fn: HostFunction,
  answer: string,
  gold: string,
  here: Verdict,
  { twin = 0, owner = "math grading", onDisagreement }: GradingOptions,
): void {
  checkTwin(fn, answer, gold, here, { twin, owner, onDisagreement });
}

/** The golds as texts; what boxes have outside does not count, and one whose box is broken is met by nothing. */
function goldTexts(gold: Gold): readonly string[] {
  const golds: readonly unknown[] = Array.isArray(gold) ? gold : [gold];
  return golds.flatMap((item) => {
    if (typeof item === "number") return [pythonNumber(item)];
    if (typeof item !== "string") {
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        `What an answer is compared with must be a text, a number or a list of them, got ${show(item)}.`,
      );
    }
    const text = item.includes(BOX) ? lastBalancedBox(item) : item;
    return text === undefined ? [] : [text];
  });
}
