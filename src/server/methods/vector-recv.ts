import { parseParams, vectorRecvParams } from "../../protocol/schema.ts";
import type { Wait } from "../../vector/send-recv.ts";
import type { VectorRecvResult } from "../../vector/send-recv-result.ts";
import type { Call } from "../call.ts";
import { departures } from "../departures.ts";
import type { VectorEntry } from "../entry.ts";
import { stepToWire } from "../fault-wire.ts";
import type { Method } from "./method.ts";

/**
 * `[vector, min, max_wait]` → `[indices, observations, rewards, terminated, truncated, infos]`, and `faults` where there are any: what
 * members that were sent have done. It holds no group, so that others send, and use what is back, while it waits.
 */
export const vectorRecv: Method = {
  run: (call, params) => {
    const [handle, min, maxWaitSeconds] = parseParams("vector_recv", vectorRecvParams, params);
    const entry = call.client.vector(handle);
    const { vector } = entry;
    const { flights } = vector;
    const wait = { min, max: Infinity, maxWaitSeconds };
    if (!flights.canTake(wait)) return waitFor(call, entry, wait);
    const taken = vector.take(wait);
    return taken instanceof Promise
      ? taken.then((later) => withIndices(entry, later))
      : withIndices(entry, taken);
  },
};

/** What members of a vector have done already, or null when that is nothing. */
export function takeLanded(entry: VectorEntry): readonly unknown[] | null {
  const result = entry.vector.takeNow();
  return result === null ? null : withIndices(entry, result);
}

async function waitFor(call: Call, entry: VectorEntry, wait: Wait): Promise<readonly unknown[]> {
  const { flights } = entry.vector;
  const relay = departures(entry);
  const abandon = new AbortController();
  call.onAbandon = (reason) => abandon.abort(reason);
  const carrier = relay.attach(call, () => flights.ready >= wait.min);
  const isHeld = (): boolean => carrier.open > 0;
  try {
    return withIndices(entry, await entry.vector.take({ ...wait, isHeld, signal: abandon.signal }));
  } finally {
    relay.detach(carrier);
    call.onAbandon = undefined;
  }
}

function withIndices(entry: VectorEntry, result: VectorRecvResult): readonly unknown[] {
  return [[...result.indices], ...stepToWire(entry, result)];
}
