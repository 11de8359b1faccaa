/** The entry of a worker thread: one endpoint, one dispatcher. */
import { parentPort, workerData } from "node:worker_threads";
import { surroundHosts } from "../hosts/host-settings.ts";
import { listen } from "../transport/listen.ts";
import type { Gone, Receive, Transport } from "../transport/transport.ts";
import type { ShmListening } from "../transport/shm.ts";
import type { WorkerContext } from "./context.ts";
import { DRAIN, DRAINED, type DrainOrder } from "./draining.ts";
import { errorFields, stderrLog } from "./log.ts";
import { CLOSE, PRESENCE, READY, RETIRE, type WorkerData } from "./worker-thread.ts";

/** How long an environment's computation may hold the loop before others get their turn. */
const SLICE_MS = 2;

/** How often a draining worker looks whether anything is left, in ms. */
const DRAIN_LOOK_MS = 100;

const { index, endpoints, rules } = workerData as WorkerData;
const log = stderrLog({ worker: index });

// The address accepts connections before the environments are loaded: what arrives meanwhile waits here.
const early: (() => void)[] = [];
let receive: Receive = (frame, reply) => {
  early.push(() => receive(frame, reply));
};
let gone: Gone = (peer) => {
  early.push(() => gone(peer));
};
let isAnybodyHere = false;
let drain = (): void => {
  early.push(() => drain());
};
const transport = await listen(endpoints[index] ?? "", (frame, reply) => receive(frame, reply), {
  gone: (peer) => gone(peer),
  keys: rules.keys,
  noteTrouble: (error) =>
    log("error", "The list of clients cannot be read; nobody new may connect.", errorFields(error)),
});
const open: Transport[] = [transport];
parentPort?.on("message", (message) => {
  if (message === RETIRE && !isAnybodyHere && early.length === 0) {
    void transport.close().then(() => parentPort?.postMessage(PRESENCE.retired));
  }
  if (message === DRAIN) drain();
  if (message !== CLOSE) return;
  void Promise.all(open.map((endpoint) => endpoint.close())).then(() => process.exit());
});
parentPort?.postMessage(READY);

const [
  { Dispatcher },
  { createRegistry },
  { slicedHost },
  { loadAddon },
  { listenShm },
  paths,
  { observeWorker },
] = await Promise.all([
  import("./dispatcher.ts"),
  import("../make.ts"),
  import("../core/host.ts"),
  import("../native/addon.ts"),
  import("../transport/shm.ts"),
  import("./shm-path.ts"),
  import("./metrics/observe.ts"),
]);
surroundHosts({ threads: endpoints.length, log: (line, facts) => log("info", line, facts) });
// Who is taken from the list of keys is cut off; memory would go on.
const shm = rules.keys === undefined ? openShm() : undefined;
if (shm !== undefined) open.push(shm.transport);
let order = 0;
const context: WorkerContext = {
  registry: createRegistry(),
  host: slicedHost(SLICE_MS),
  index,
  endpoints,
  shm: shm?.offer,
  runsPrograms: rules.runsPrograms,
  quotas: rules.quotas,
  graceMs: rules.graceMs,
  onPresence: (isBusy) => {
    isAnybodyHere = isBusy;
    parentPort?.postMessage(isBusy ? PRESENCE.busy : PRESENCE.idle);
  },
  drain: rules.drains
    ? (seconds) =>
        parentPort?.postMessage({
          drainWithinMs: seconds === undefined ? undefined : seconds * 1000,
        } satisfies DrainOrder)
    : undefined,
  log,
  nextOrder: () => ++order,
};
const dispatcher = new Dispatcher(context);
observeWorker(index, dispatcher.insight, log);
drain = (): void => {
  dispatcher.insight.draining = true;
  const look = setInterval(() => {
    if (!dispatcher.sessions.isUnused) return;
    clearInterval(look);
    parentPort?.postMessage(DRAINED);
  }, DRAIN_LOOK_MS);
};
({ receive, gone } = dispatcher);
for (const happen of early) happen();
early.length = 0;

/** Listens for clients that go on through shared memory. Without it they stay where they are, so a failure is only noted. */
function openShm(): ShmListening | undefined {
  const addon = loadAddon();
  try {
    if (!(addon instanceof Error)) {
      const path = paths.shmPath(endpoints[index] ?? "");
      return listenShm(
        addon,
        path,
        (frame, reply) => receive(frame, reply),
        undefined,
        (peer) => gone(peer),
      );
    }
    if (index === 0) noteWithoutShm({ reason: addon.message });
  } catch (error) {
    noteWithoutShm(errorFields(error));
  }
  return undefined;
}

function noteWithoutShm(why: Readonly<Record<string, unknown>>): void {
  log("info", "There is no shared memory; frames go over sockets.", why);
}
