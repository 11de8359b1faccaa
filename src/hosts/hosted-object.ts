/** An object that lives in a host process. */
export interface HostedObject {
  /** What it has of `get_state`, `set_state`, `sample_random_action`, `close`. */
  readonly methods: ReadonlySet<string>;
  /** Whether its process is gone, or it was given up for another one: every call rejects. */
  readonly isGone: boolean;
  /** Whether its process is to be replaced: a new object at the next occasion lets it end. */
  readonly isDue: boolean;

  /**
   * Calls a method; calls are run in the order they are made.
   *
   * @param deadlineMs how long it may run, in ms; default: the pool's
   * @throws HostLost when its process ended before it answered
   * @throws GEM_OBJECT_FAULT, or the code the exception carries, when it raised
   */
  call(
    method: string,
    args?: readonly unknown[],
    kwargs?: Readonly<Record<string, unknown>>,
    deadlineMs?: number,
  ): Promise<unknown>;

  /** Lets go of it; twice is fine. */
  release(): void;
}
