/** The entry of a worker thread: one endpoint, one dispatcher. */
import { parentPort, workerData } from "node:worker_threads";
import { listen } from "../transport/listen.ts";
import type { Receive } from "../transport/transport.ts";
import type { WorkerContext } from "./context.ts";
import { stderrLog } from "./log.ts";
import { CLOSE, READY, type WorkerData } from "./worker-thread.ts";

/** How long an environment's computation may hold the loop before others get their turn. */
const SLICE_MS = 2;

const { index, endpoints } = workerData as WorkerData;

// The address accepts connections before the environments are loaded: what arrives meanwhile waits here.
const early: Parameters<Receive>[] = [];
let receive: Receive = (frame, reply) => {
  early.push([frame, reply]);
};
const transport = await listen(endpoints[index] ?? "", (frame, reply) => receive(frame, reply));
parentPort?.on("message", (message) => {
  if (message === CLOSE) void transport.close().then(() => process.exit());
});
parentPort?.postMessage(READY);

const [{ Dispatcher }, { createRegistry }, { slicedHost }] = await Promise.all([
  import("./dispatcher.ts"),
  import("../make.ts"),
  import("../core/host.ts"),
]);
let order = 0;
const context: WorkerContext = {
  registry: createRegistry(),
  host: slicedHost(SLICE_MS),
  index,
  endpoints,
  log: stderrLog({ worker: index }),
  nextOrder: () => ++order,
};
receive = new Dispatcher(context).receive;
for (const [frame, reply] of early) receive(frame, reply);
early.length = 0;
