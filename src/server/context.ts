import type { EnvHost } from "../core/host.ts";
import type { Registry } from "../core/registry.ts";
import type { ShmOffer } from "../transport/shm.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import type { Insight } from "./metrics/insight.ts";
import type { Quotas } from "./quotas.ts";

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
  /** What each client may use; default: `DEFAULT_QUOTAS`. */
  readonly quotas?: Quotas | undefined;
  /** How long clients may be away before they lose what they have, in ms; default: for ever. */
  readonly graceMs?: number | undefined;
  /** Told when the first client has come, and when the last one has gone. */
  readonly onPresence?: ((isAnybodyHere: boolean) => void) | undefined;
  /** What it knows of its own work; the dispatcher's own. */
  readonly insight?: Insight | undefined;
  /** Begins to end the server; undefined: it ends by itself. @param seconds how long that may take */
  readonly drain?: ((seconds: number | undefined) => void) | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
  readonly log: Log;
  /** The next position in the order of arrival. */
  nextOrder(): number;
}
