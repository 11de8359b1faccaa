/** The entry of a worker thread: one endpoint, one dispatcher. */
import { parentPort, workerData } from "node:worker_threads";
import { surroundHosts } from "../hosts/host-settings.ts";
import { listen } from "../transport/listen.ts";
import type { Receive, Transport } from "../transport/transport.ts";
import type { ShmListening } from "../transport/shm.ts";
import type { WorkerContext } from "./context.ts";
import { errorFields, stderrLog } from "./log.ts";
import { CLOSE, READY, type WorkerData } from "./worker-thread.ts";

/** How long an environment's computation may hold the loop before others get their turn. */
const SLICE_MS = 2;

const { index, endpoints, runsPrograms } = workerData as WorkerData;

// The address accepts connections before the environments are loaded: what arrives meanwhile waits here.
const early: Parameters<Receive>[] = [];
let receive: Receive = (frame, reply) => {
  early.push([frame, reply]);
};
const transport = await listen(endpoints[index] ?? "", (frame, reply) => receive(frame, reply));
const open: Transport[] = [transport];
parentPort?.on("message", (message) => {
  if (message !== CLOSE) return;
  void Promise.all(open.map((endpoint) => endpoint.close())).then(() => process.exit());
});
parentPort?.postMessage(READY);

const [{ Dispatcher }, { createRegistry }, { slicedHost }, { loadAddon }, { listenShm }, paths] =
  await Promise.all([
    import("./dispatcher.ts"),
    import("../make.ts"),
    import("../core/host.ts"),
    import("../native/addon.ts"),
    import("../transport/shm.ts"),
    import("./shm-path.ts"),
  ]);
const log = stderrLog({ worker: index });
surroundHosts({ threads: endpoints.length, log: (line, facts) => log("info", line, facts) });
const shm = openShm();
if (shm !== undefined) open.push(shm.transport);
let order = 0;
const context: WorkerContext = {
  registry: createRegistry(),
  host: slicedHost(SLICE_MS),
  index,
  endpoints,
  shm: shm?.offer,
  runsPrograms,
  log,
  nextOrder: () => ++order,
};
receive = new Dispatcher(context).receive;
for (const [frame, reply] of early) receive(frame, reply);
early.length = 0;

/** Listens for clients that go on through shared memory. Without it they stay where they are, so a failure is only noted. */
function openShm(): ShmListening | undefined {
  const addon = loadAddon();
  try {
    if (!(addon instanceof Error)) {
      const path = paths.shmPath(endpoints[index] ?? "");
      return listenShm(addon, path, (frame, reply) => receive(frame, reply));
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
