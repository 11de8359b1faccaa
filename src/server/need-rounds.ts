import { GemError, isGemError } from "../errors.ts";
import { needFrame } from "../protocol/frame.ts";
import type { NeedOutcome } from "../protocol/messages.ts";
import type { Need } from "./need-port.ts";

interface Asked extends Need {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The needs of one call: collected, sent as one message a round, answered together. */
export class NeedRounds {
  readonly #n: number;
  readonly #send: (frame: Buffer) => void;
  #round = 0;
  #asked: readonly Asked[] = [];
  #frame: Buffer | undefined;
  #waiting: Asked[] = [];
  #flushing: NodeJS.Immediate | undefined;
  #refusal: GemError | undefined;

  /**
   * @param n the call's number
   * @param send sends a frame to the call's client
   */
  constructor(n: number, send: (frame: Buffer) => void) {
    this.#n = n;
    this.#send = send;
  }

  /** Asks. What is asked until the event loop turns goes into one message. */
  need(need: Need): Promise<unknown> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...need, resolve, reject });
      this.#flushSoon();
    });
  }

  /** Takes the answer of a round. One to an earlier round is a repetition: what came after it is sent again. */
  answer(round: number, outcomes: readonly NeedOutcome[]): void {
    if (this.#frame === undefined) return;
    if (round !== this.#round) {
      this.repeat();
      return;
    }
    const asked = this.#asked;
    if (outcomes.length !== asked.length) {
      const message = `The answer to round ${round} of call ${this.#n} has ${outcomes.length} outcomes; the need had ${asked.length} items.`;
      this.fail(new GemError("GEM_BAD_FRAME", message));
      return;
    }
    this.#settleRound();
    asked.forEach((item, index) => {
      const outcome = outcomes[index];
      if (outcome?.[0] === true) item.resolve(outcome[1]);
      else if (outcome !== undefined) item.reject(objectFault(item, outcome[1]));
    });
  }

  /** Sends the outstanding need again, if there is one. */
  repeat(): void {
    if (this.#frame !== undefined) this.#send(this.#frame);
  }

  /** Fails what is outstanding and all that is asked later: the client will not answer. */
  fail(error: GemError): void {
    this.#refusal = error;
    const asked = [...this.#asked, ...this.#waiting];
    this.#waiting = [];
    this.#settleRound();
    for (const item of asked) item.reject(error);
  }

  /** Forgets everything: the call has its reply, and nobody waits for what is still open. */
  end(): void {
    this.#waiting = [];
    this.#settleRound();
    clearImmediate(this.#flushing);
  }

  #settleRound(): void {
    this.#asked = [];
    this.#frame = undefined;
    if (this.#waiting.length > 0) this.#flushSoon();
  }

  /** After all microtasks: environments whose answers arrived together ask their next questions together. */
  #flushSoon(): void {
    this.#flushing ??= setImmediate(() => {
      this.#flushing = undefined;
      if (this.#frame === undefined && this.#waiting.length > 0) this.#flush();
    });
  }

  #flush(): void {
    const asked = this.#waiting;
    this.#waiting = [];
    try {
      const items = asked.map((item) => [item.ref, item.method, item.args, item.kwargs] as const);
      this.#frame = needFrame(this.#n, this.#round + 1, items);
    } catch (error) {
      for (const item of asked) item.reject(unsendable(item, error));
      return;
    }
    this.#round += 1;
    this.#asked = asked;
    this.#send(this.#frame);
  }
}

function objectFault(
  item: Need,
  [type, message, ref]: readonly [string, string, number, string?],
): GemError {
  const details = { type, ref, method: item.method };
  return new GemError(
    "GEM_OBJECT_FAULT",
    `${item.method}() of ${item.owner} raised ${type}: ${message}`,
    details,
  );
}

function unsendable(item: Need, error: unknown): Error {
  if (isGemError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new GemError(
    "GEM_OBJECT_FAULT",
    `${item.method}() of ${item.owner} cannot be asked: ${reason}`,
    { method: item.method },
  );
}
