import { GemError, show } from "../errors.ts";
import { ClientRef } from "../protocol/values.ts";
import { HostLost, type LossReason } from "./host-lost.ts";
import type { HostProcess } from "./host-process.ts";
import type { HostedObject } from "./hosted-object.ts";
import { calledBy, type Question } from "./question.ts";

const LIBRARY = 0;
/** How long letting go of an object may take; a library's own clean-up is not part of it. */
const RELEASE_MS = 60_000;

/** An object in one process. */
export class PinnedObject implements HostedObject {
  readonly methods: ReadonlySet<string>;
  readonly #host: HostProcess;
  readonly #ref: number;
  readonly #owner: string;
  readonly #deadlineMs: number;
  readonly #onRelease: () => void;
  #loss: { readonly reason: LossReason; readonly detail: string } | undefined;
  #isReleased = false;

  /** @param onRelease called once, when its process keeps it no more or is to forget it */
  constructor(
    host: HostProcess,
    ref: number,
    methods: readonly string[],
    owner: string,
    deadlineMs: number,
    onRelease: () => void,
  ) {
    this.#host = host;
    this.#ref = ref;
    this.methods = new Set(methods);
    this.#owner = owner;
    this.#deadlineMs = deadlineMs;
    this.#onRelease = onRelease;
  }

  get isGone(): boolean {
    return this.#loss !== undefined || this.#isReleased || !this.#host.isAlive;
  }

  get isDue(): boolean {
    return this.#host.isDue;
  }

  call(
    method: string,
    args: readonly unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
    deadlineMs: number = this.#deadlineMs,
  ): Promise<unknown> {
    if (this.isGone) {
      const { reason = "exit", detail = "it had ended" } = this.#loss ?? {};
      return Promise.reject(new HostLost("bystander", reason, detail));
    }
    return new Promise((resolve, reject) => {
      const give = (error: GemError | HostLost): void => {
        if (error instanceof HostLost) this.#lose(error);
        reject(error);
      };
      const item = [this.#ref, method, args, kwargs] as const;
      askSafely(this.#host, {
        item,
        deadlineMs,
        owner: this.#owner,
        resolve,
        reject: give,
      });
    });
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (this.#host.isAlive) {
      const item = [LIBRARY, "release", [[this.#ref]], {}] as const;
      const ignore = (): undefined => undefined;
      const question = { item, deadlineMs: RELEASE_MS, owner: this.#owner };
      this.#host.ask({ ...question, resolve: ignore, reject: ignore });
    }
    this.#onRelease();
  }

  /** What it is lost for: its process is gone, or others take over what waits behind a long call. */
  #lose({ reason, detail }: HostLost): void {
    this.#loss ??= { reason, detail };
  }
}

/** Asks; a question that has no form on the wire is rejected. */
export function askSafely(host: HostProcess, question: Question): void {
  try {
    host.ask(question);
  } catch (error) {
    question.reject(unsendable(question, error));
  }
}

function unsendable(question: Question, error: unknown): GemError {
  if (error instanceof GemError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const method = calledBy(question);
  return new GemError(
    "GEM_INVALID_ARGUMENT",
    `${method}() of ${question.owner} cannot be asked: ${reason}`,
    { method },
  );
}

/** What `make` gives: an object's number, and which of the optional methods it has. @throws GEM_INTERNAL on anything else */
export function readMade(made: unknown, owner: string): [ref: number, methods: readonly string[]] {
  const [object, methods] = Array.isArray(made) ? (made as readonly unknown[]) : [];
  if (object instanceof ClientRef && Array.isArray(methods))
    return [object.ref, methods.filter((name) => typeof name === "string")];
  throw new GemError("GEM_INTERNAL", `A host made no object for ${owner}, but ${show(made)}.`);
}
