/** What landed, as `recv` gives it. */
import { chain, type MaybePromise } from "../core/maybe-promise.ts";
import type { FlightQueue, Landing } from "./send-recv.ts";
import { NextEpisodeFault } from "./vector-fault.ts";
import {
  emptyStep,
  store,
  type MemberReset,
  type MemberStep,
  type VectorStepResult,
} from "./vector-result.ts";

/** The outcome of a `recv`: one entry per member that is back, in order of completion. */
export interface VectorRecvResult extends VectorStepResult {
  /** The members' positions. */
  readonly indices: Int32Array;
}

/** A member that failed, and why. */
export interface LandedFault {
  readonly index: number;
  readonly error: unknown;
}

/** A reset in the form of a step: reward 0, flags false; one that stands for a fault is truncated. */
export function resetAsStep(reset: MaybePromise<MemberReset>): MaybePromise<MemberStep> {
  return chain(reset, ([observation, info, isFault]): MemberStep =>
    isFault === true
      ? [observation, 0, false, true, info, true]
      : [observation, 0, false, false, info],
  );
}

/**
 * Puts results together.
 *
 * @throws what `combine` makes of the members that failed; the others' results go back to the queue
 */
export function gatherLanded(
  queue: FlightQueue,
  landed: readonly Landing[],
  combine: (faults: readonly LandedFault[]) => Error,
): VectorRecvResult {
  const faults = landed.filter((landing) => "error" in landing);
  if (faults.length > 0) {
    queue.putBack(landed.flatMap(playedOf));
    throw combine(faults);
  }
  const result = { indices: new Int32Array(landed.length), ...emptyStep(landed.length) };
  landed.forEach((landing, position) => {
    if (!("step" in landing)) return;
    result.indices[position] = landing.index;
    store(result, position, landing.step);
  });
  return result;
}

/** What a member played, if it did: also where its next episode could not begin. */
function playedOf(landing: Landing): Landing[] {
  if ("step" in landing) return [landing];
  const { index, error } = landing;
  return error instanceof NextEpisodeFault ? [{ index, step: error.step }] : [];
}
