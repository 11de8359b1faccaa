import type { MaybePromise } from "../core/maybe-promise.ts";
import { GemError } from "../errors.ts";
import type { VectorEntry } from "./entry.ts";
import { NeedRelay } from "./need-relay.ts";

const relays = new WeakMap<VectorEntry, NeedRelay>();

/**
 * Over what a vector's members in flight ask the client; made, and the members watched, at the first use. A member in flight has
 * its group to itself: calls on it wait until it is back.
 */
export function departures(entry: VectorEntry): NeedRelay {
  const known = relays.get(entry);
  if (known !== undefined) return known;
  const { flights, asyncMode } = entry.vector;
  const relay = new NeedRelay(!asyncMode, () => flights.wake());
  relays.set(entry, relay);
  flights.observer = {
    departs: (index) => entry.members[index]?.stem.group.depart(relay),
    lands: (index) => {
      const group = entry.members[index]?.stem.group;
      if (group === undefined) return;
      relay.landed(group);
      group.land();
    },
  };
  return relay;
}

/** Closes a vector; what members in flight still ask fails, so that they come back soon. */
export function closeVector(entry: VectorEntry): MaybePromise<void> {
  const relay = relays.get(entry);
  if (relay === undefined) return entry.vector.close();
  relay.refuse(given("closed"));
  return Promise.resolve(entry.vector.close()).finally(() => relay.refuse(undefined));
}

/** Nobody can reach a vector any more: what its members in flight ask fails. */
export function leaveVector(entry: VectorEntry): void {
  relays.get(entry)?.refuse(given("released"));
}

function given(what: string): GemError {
  return new GemError("GEM_OBJECT_FAULT", `The vector was ${what} while members were in flight.`);
}
