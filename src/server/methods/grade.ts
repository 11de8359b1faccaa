import { chain } from "../../core/maybe-promise.ts";
import { gradeAnswer } from "../../grading/math/grade-math.ts";
import { gradeParams, parseParams } from "../../protocol/schema.ts";
import type { Method } from "./method.ts";

/** `[answer, golds, settings]` → `[correct, tier, stage]`: whether an answer to a mathematical problem is right */
export const grade: Method = {
  run: ({ client }, params) => {
    const [answer, golds, settings] = parseParams("grade", gradeParams, params);
    const { profile = "compat", fast = false, deadline_seconds: seconds } = settings;
    const deadline = seconds === undefined ? {} : { deadlineMs: seconds * 1000 };
    const options = { profile, fast, owner: `grading for ${client.id}`, ...deadline };
    return chain(gradeAnswer(answer, golds, options), ({ correct, tier, stage }) => [
      correct,
      tier,
      stage ?? null,
    ]);
  },
};
