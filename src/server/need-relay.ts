import type { GemError } from "../errors.ts";
import type { FlightPort, Group, Turn } from "./group.ts";
import type { Need } from "./need-port.ts";

/** A call over which questions can travel, as long as it waits. */
interface Carrier {
  readonly turn: Turn;
  /** Whether it has what it waits for, so that it takes no further questions. */
  readonly isContent: () => boolean;
  /** Questions that it carries and that have no answer yet. */
  open: number;
}

interface Asked {
  readonly need: Need;
  readonly group: Group;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What members in flight ask of their client's objects. No call of theirs runs, so a question waits until the client waits: in a
 * `vector_recv` of their vector, or in a call on the very environment.
 */
export class NeedRelay implements FlightPort {
  readonly #isSerial: boolean;
  readonly #carriers: Carrier[] = [];
  /** Calls that wait for one environment to be back. */
  readonly #attendants = new Map<Group, Carrier>();
  readonly #onAnswer: () => void;
  #waiting: Asked[] = [];
  #refusal: GemError | undefined;

  /**
   * @param isSerial whether one question is asked at a time, since its objects take turns
   * @param onAnswer called some time after answers came
   */
  constructor(isSerial: boolean, onAnswer: () => void) {
    this.#isSerial = isSerial;
    this.#onAnswer = onAnswer;
  }

  need(need: Need, group: Group): Promise<unknown> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ need, group, resolve, reject });
      this.#hand();
    });
  }

  attend(turn: Turn, group: Group): void {
    if (this.#attendants.get(group)?.turn === turn) return;
    this.#attendants.set(group, { turn, isContent: () => turn.hasBegun === true, open: 0 });
    this.#hand();
  }

  /** A member is back: no call waits for it any more. */
  landed(group: Group): void {
    if (this.#attendants.size > 0) this.#attendants.delete(group);
  }

  /** A call begins to wait; `detach` must follow. */
  attach(turn: Turn, isContent: () => boolean): Carrier {
    const carrier = { turn, isContent, open: 0 };
    this.#carriers.push(carrier);
    this.#hand();
    return carrier;
  }

  detach(carrier: Carrier): void {
    const position = this.#carriers.indexOf(carrier);
    if (position >= 0) this.#carriers.splice(position, 1);
  }

  /** Fails what is asked now and later: nobody will answer. Undefined: from now on somebody does again. */
  refuse(error: GemError | undefined): void {
    this.#refusal = error;
    if (error === undefined) return;
    const asked = this.#waiting;
    this.#waiting = [];
    for (const { reject } of asked) reject(error);
  }

  #hand(): void {
    if (this.#waiting.length === 0) return;
    const left: Asked[] = [];
    for (const asked of this.#waiting) {
      const carrier = this.#carrierFor(asked.group);
      if (carrier === undefined) left.push(asked);
      else this.#ask(carrier, asked);
    }
    this.#waiting = left;
  }

  #carrierFor(group: Group): Carrier | undefined {
    const attendant = this.#attendants.get(group);
    const candidates = attendant === undefined ? this.#carriers : [...this.#carriers, attendant];
    return candidates.find(
      (carrier) => !carrier.isContent() && !(this.#isSerial && carrier.open > 0),
    );
  }

  #ask(carrier: Carrier, { need, resolve, reject }: Asked): void {
    carrier.open += 1;
    const answer = carrier.turn.need?.(need) ?? Promise.reject(new Error("nobody to ask"));
    const done = (): void => {
      carrier.open -= 1;
      // Not at once: what the answer leads to comes first, and may be all that the call waits for.
      setImmediate(() => {
        this.#hand();
        this.#onAnswer();
      });
    };
    void answer.then(resolve, reject).finally(done);
  }
}
