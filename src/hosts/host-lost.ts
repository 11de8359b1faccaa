import { GemError } from "../errors.ts";

/** Why a call was lost: a call took too long, its process ended, or it took too much memory. */
export type LossReason = "deadline" | "exit" | "memory";

/** What a call has to do with the end of its process. */
export type LossRole = "culprit" | "suspect" | "bystander";

/** A call without an answer, since its process is gone. Whoever can asks again elsewhere; no caller of an environment sees it. */
export class HostLost extends Error {
  /** Whether this call ran and ended its process; false: it waited behind another, its object was idle, or it is a suspect. */
  readonly culprit: boolean;
  /** Whether this call ran when its process was killed from outside: by somebody, or since memory ran out. Twice is no accident. */
  readonly suspect: boolean;
  readonly reason: LossReason;
  /** What became of the process, as a clause: `it was ended by SIGSEGV`. */
  readonly detail: string;

  constructor(role: LossRole, reason: LossReason, detail: string) {
    super(`A host process is gone: ${detail}.`);
    this.name = "HostLost";
    this.culprit = role === "culprit";
    this.suspect = role === "suspect";
    this.reason = reason;
    this.detail = detail;
  }
}

/** Judges the losses of one call that is made again after each. */
export class Suspicion {
  #wasSuspect = false;

  /** Whether the call is to blame: it ended its process, or ran for the second time when that was killed. */
  isGuilty({ culprit, suspect }: HostLost): boolean {
    if (culprit || (suspect && this.#wasSuspect)) return true;
    this.#wasSuspect ||= suspect;
    return false;
  }
}

/**
 * The fault that a lost call is to whoever made it.
 *
 * @param call what was called, with whose it is: `step() of ta:Wordle-v0`
 * @returns GEM_DEADLINE or GEM_ENV_FAULT
 */
export function lossFault({ reason, detail }: HostLost, call: string): GemError {
  const details = { reason };
  if (reason === "deadline") {
    const fix = "GEM_HOST_DEADLINE (seconds) gives calls longer.";
    return new GemError("GEM_DEADLINE", `${call} was given up: ${detail}. ${fix}`, details);
  }
  const fix = reason === "memory" ? " GEM_HOST_MEMORY (MiB) gives processes more." : "";
  return new GemError("GEM_ENV_FAULT", `${call} lost its process: ${detail}.${fix}`, details);
}
