import type { EnvHost } from "../core/host.ts";
import type { Registry } from "../core/registry.ts";
import type { ShmOffer } from "../transport/shm.ts";
import type { Log } from "./log.ts";

/** What one worker works with. */
export interface WorkerContext {
  readonly registry: Registry;
  /** Where environments run their long computations. */
  readonly host: EnvHost;
  /** Its position among the server's workers. */
  readonly index: number;
  /** The addresses of all the server's workers. */
  readonly endpoints: readonly string[];
  /** Where clients can go on through shared memory; undefined where there is none. */
  readonly shm?: ShmOffer | undefined;
  /** Whether clients may have it run programs of theirs. */
  readonly runsPrograms: boolean;
  readonly log: Log;
  /** The next position in the order of arrival. */
  nextOrder(): number;
}
