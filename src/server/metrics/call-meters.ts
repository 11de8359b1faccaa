import type { Client } from "../client.ts";
import type { VectorEntry } from "../entry.ts";
import { Histogram } from "./histogram.ts";

/** The calls of one method on environments of one id. */
export interface CallMeter {
  readonly id: string;
  readonly method: string;
  /** Environments that answered calls stepped or reset. */
  environments: number;
  errors: number;
  /** From the call's arrival to its reply. */
  readonly histogram: Histogram;
  /** A call on one such environment. */
  readonly one: Subject;
}

/** What a call is about: meters, and how many environments of each. */
export interface Subject {
  readonly meters: readonly CallMeter[];
  readonly counts: readonly number[];
}

/** Environments of a vector by id, in order of their first. */
interface Composition {
  readonly ids: readonly string[];
  readonly counts: readonly number[];
}

const ONE = [1];

/** Where calls on some of a vector's members say which. */
const INDICES: ReadonlyMap<string, number> = new Map([
  ["vector_step", 2],
  ["vector_send", 2],
  ["vector_send_reset", 1],
]);

/** Counts calls by id and method. What it costs a call does not depend on how many environments the call is for. */
export class CallMeters {
  readonly #meters = new Map<string, Map<string, CallMeter>>();
  readonly #compositions = new WeakMap<VectorEntry, Composition>();

  /** What a call is about. @param params as they came */
  subject(client: Client, method: string, params: readonly unknown[]): Subject {
    const entry = typeof params[0] === "number" ? client.find(params[0]) : undefined;
    if (entry?.kind === "env") return this.#meter(entry.env.id, method).one;
    if (entry?.kind !== "vector") return this.#meter("", method).one;
    if (method === "vector_set") {
      this.#compositions.delete(entry);
      return this.#meter("", method).one;
    }
    const { ids, counts } = this.#composition(entry);
    const indices = INDICES.has(method) ? params[INDICES.get(method) ?? 0] : null;
    return {
      meters: ids.map((id) => this.#meter(id, method)),
      counts: Array.isArray(indices) ? partOf(entry, ids, indices) : counts,
    };
  }

  /** Notes how long a call took, in ms. */
  note({ meters, counts }: Subject, ms: number, failed: boolean): void {
    for (let i = 0; i < meters.length; i++) {
      const meter = meters[i];
      if (meter === undefined) continue;
      meter.histogram.observe(ms);
      if (failed) meter.errors += 1;
      else meter.environments += counts[i] ?? 0;
    }
  }

  /** Every meter, those of one id together. */
  all(): readonly CallMeter[] {
    return [...this.#meters.values()].flatMap((ofId) => [...ofId.values()]);
  }

  #meter(id: string, method: string): CallMeter {
    let ofId = this.#meters.get(id);
    if (ofId === undefined) this.#meters.set(id, (ofId = new Map<string, CallMeter>()));
    const known = ofId.get(method);
    if (known !== undefined) return known;
    const meters: CallMeter[] = [];
    const histogram = new Histogram();
    const one = { meters, counts: ONE };
    const meter = { id, method, environments: 0, errors: 0, histogram, one };
    meters.push(meter);
    ofId.set(method, meter);
    return meter;
  }

  #composition(entry: VectorEntry): Composition {
    const known = this.#compositions.get(entry);
    if (known !== undefined) return known;
    const counts = countIds(entry, entry.members.keys());
    const composition = { ids: [...counts.keys()], counts: [...counts.values()] };
    this.#compositions.set(entry, composition);
    return composition;
  }
}

/** How many of the named members have each id. */
function partOf(
  entry: VectorEntry,
  ids: readonly string[],
  indices: readonly unknown[],
): readonly number[] {
  if (ids.length === 1) return [indices.length];
  const counts = countIds(entry, indices as readonly number[]);
  return ids.map((id) => counts.get(id) ?? 0);
}

function countIds(entry: VectorEntry, indices: Iterable<number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const index of indices) {
    const id = entry.members[index]?.env.id;
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
