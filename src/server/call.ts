import { GemError } from "../errors.ts";
import type { NeedOutcome } from "../protocol/messages.ts";
import type { Client } from "./client.ts";
import type { WorkerContext } from "./context.ts";
import { Group, type Turn } from "./group.ts";
import type { Need } from "./need-port.ts";
import { NeedRounds } from "./need-rounds.ts";

/** The session of a call: the way to its client, as long as the client waits for this call. */
export interface CallChannel {
  readonly client: Client;
  /** Sends a need's frame. */
  send(call: Call, frame: Buffer): void;
  /** Sends and keeps the call's one reply. */
  finish(call: Call, frame: Buffer): void;
}

/** One call of a client, from its frame to its reply. */
export class Call implements Turn {
  readonly worker: WorkerContext;
  /** Its number within the session. */
  readonly n: number;
  readonly order: number;
  readonly groups: Group[];
  hasBegun = false;
  /** Told when the client waits no more. */
  onAbandon: ((reason: GemError) => void) | undefined;
  readonly #channel: CallChannel;
  readonly #run: (call: Call) => void;
  #needs: NeedRounds | undefined;
  #refusal: GemError | undefined;

  /**
   * @param groups what it needs to itself
   * @param run starts it; called once, and not at all when it was given up before its turn came
   */
  constructor(
    worker: WorkerContext,
    channel: CallChannel,
    n: number,
    groups: Group[],
    run: (call: Call) => void,
  ) {
    this.worker = worker;
    this.n = n;
    this.order = worker.nextOrder();
    this.groups = groups;
    this.#channel = channel;
    this.#run = run;
  }

  get client(): Client {
    return this.#channel.client;
  }

  begin(): void {
    if (this.#refusal === undefined) {
      this.#run(this);
      return;
    }
    this.worker.insight?.skip();
    Group.leave(this);
  }

  need(need: Need): Promise<unknown> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    this.#needs ??= new NeedRounds(this.n, (frame) => this.#channel.send(this, frame));
    return this.#needs.need(need);
  }

  answer(round: number, outcomes: readonly NeedOutcome[]): void {
    this.#needs?.answer(round, outcomes);
  }

  /** Sends again what the client was last asked, if it was. */
  repeat(): void {
    this.#needs?.repeat();
  }

  /** Fails all that the client is asked: its answer cannot be read. */
  failNeeds(error: GemError): void {
    this.#needs?.fail(error);
  }

  /** The client waits no more: what it is asked fails, and a call that has not begun never does. */
  abandon(): void {
    const message = `The client gave call ${this.n} up while it ran.`;
    this.#refusal = new GemError("GEM_OBJECT_FAULT", message);
    this.#needs?.fail(this.#refusal);
    this.onAbandon?.(this.#refusal);
  }

  /** Replies, then makes room for the next. */
  finish(frame: Buffer): void {
    this.#needs?.end();
    this.#channel.finish(this, frame);
    Group.leave(this);
  }
}
