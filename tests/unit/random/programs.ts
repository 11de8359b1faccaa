import { createHash } from "node:crypto";
import { NumpyGenerator, type NumpyGeneratorState } from "../../../src/random/numpy-generator.ts";
import { PythonRandom } from "../../../src/random/python-random.ts";

/** One call on a `PythonRandom`, as `tests/fixtures/record_random.py` makes it on CPython. */
export type PythonCall =
  | readonly ["random"]
  | readonly ["roundtrip"]
  | readonly ["bits32" | "getrandbits" | "randbelow" | "shuffle", number]
  | readonly ["randint" | "uniform" | "gauss", number, number]
  | readonly ["randrange", number, number | null, number]
  | readonly ["choice", readonly unknown[]]
  | readonly ["choices", readonly unknown[], number, Weights, Weights]
  | readonly ["sample", number | readonly unknown[], number]
  | readonly ["seed", string];

type Weights = readonly number[] | null;

/** One call on a `NumpyGenerator`, as `tests/fixtures/record_random.py` makes it on NumPy. */
export type NumpyCall =
  | readonly ["random" | "uint32" | "uint64" | "roundtrip"]
  | readonly ["integers", number, number | null]
  | readonly ["permutation", number | readonly unknown[]]
  | readonly ["shuffle", readonly unknown[]];

/** Calls and the seed of the generator that they are made on. */
export interface Program<Call> {
  readonly seed: string;
  readonly calls: readonly Call[];
}

/** What a program gave, and the state it left with its words digested. */
export interface PythonRun {
  readonly results: readonly unknown[];
  readonly state: {
    readonly sha256: string;
    readonly index: number;
    readonly gauss_next: number | null;
  };
}

/** What a program gave, and the state it left. */
export interface NumpyRun {
  readonly results: readonly unknown[];
  readonly state: Omit<NumpyGeneratorState, "words"> & { readonly words: readonly number[] };
}

/** Makes a program's calls on our generator, in the recorded form. */
export function runPython(program: Program<PythonCall>): PythonRun {
  const random = new PythonRandom(BigInt(program.seed));
  const results = program.calls.map((call) => shorten(callPython(random, call)));
  const { words, index, gauss_next } = random.getState();
  return { results, state: { sha256: sha256(wordBytes(words)), index, gauss_next } };
}

/** Makes a program's calls on our generator, in the recorded form. */
export function runNumpy(program: Program<NumpyCall>): NumpyRun {
  const generator = new NumpyGenerator(BigInt(program.seed));
  const results = program.calls.map((call) => shorten(callNumpy(generator, call)));
  const state = generator.getState();
  return { results, state: { ...state, words: [...state.words] } };
}

/** Words as little-endian bytes, on any platform. */
export function wordBytes(words: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  return new Uint8Array(view.buffer);
}

/**
 * A recorded run to compare ours with: each Gaussian number that lies within a few units in the last place of ours is
 * replaced by ours, since the logarithm, sine and cosine behind it are the platform's.
 */
export function comparable(
  recorded: PythonRun,
  calls: readonly PythonCall[],
  ours: PythonRun,
): PythonRun {
  const results = recorded.results.map((result, i) => {
    const call = calls[i];
    return call?.[0] === "gauss" ? settle(result, ours.results[i], call[1]) : result;
  });
  const gauss_next = settle(recorded.state.gauss_next, ours.state.gauss_next, 0);
  return { results, state: { ...recorded.state, gauss_next } };
}

/** `ours` where it differs from `recorded` by rounding only, else `recorded`. */
function settle<T>(recorded: T, ours: T | undefined, mu: number): T {
  if (typeof recorded !== "number" || typeof ours !== "number") return recorded;
  const tolerance = 4 * Number.EPSILON * (Math.abs(mu) + Math.abs(recorded));
  return Math.abs(ours - recorded) <= tolerance ? ours : recorded;
}

function callPython(random: PythonRandom, call: PythonCall): unknown {
  switch (call[0]) {
    case "random":
      return random.random();
    case "bits32":
    case "randbelow":
      return random[call[0]](call[1]);
    case "getrandbits":
      return random.getrandbits(call[1]).toString();
    case "shuffle":
      return shuffled(random, range(call[1]));
    case "randint":
    case "uniform":
    case "gauss":
      return random[call[0]](call[1], call[2]);
    case "randrange":
      return random.randrange(call[1], call[2] ?? undefined, call[3]);
    case "choice":
      return random.choice(call[1]);
    case "choices":
      return random.choices(call[1], call[2], weighting(call[3], call[4]));
    case "sample":
      return sampled(random, call[1], call[2]);
    default:
      return replaceState(random, call);
  }
}

function callNumpy(generator: NumpyGenerator, call: NumpyCall): unknown {
  switch (call[0]) {
    case "random":
      return generator.random();
    case "uint32":
      return generator.nextUint32();
    case "uint64":
      return generator.nextUint64().toString();
    case "roundtrip":
      generator.setState(generator.getState());
      return null;
    case "integers":
      return generator.integers(call[1], call[2] ?? undefined);
    case "permutation":
      return typeof call[1] === "number"
        ? generator.permutation(call[1])
        : generator.permutation(call[1]);
    case "shuffle":
      return shuffled(generator, [...call[1]]);
  }
}

/** Seeds, or sets the state from its own words as bytes, as a snapshot comes back from a wire. */
function replaceState(
  random: PythonRandom,
  call: readonly ["roundtrip"] | readonly ["seed", string],
): null {
  if (call[0] === "seed") {
    random.seed(BigInt(call[1]));
  } else {
    const { words, ...rest } = random.getState();
    random.setState({ ...rest, words: wordBytes(words) });
  }
  return null;
}

function sampled(
  random: PythonRandom,
  population: number | readonly unknown[],
  k: number,
): unknown[] {
  return typeof population === "number"
    ? random.sample(population, k)
    : random.sample(population, k);
}

function shuffled(generator: PythonRandom | NumpyGenerator, items: unknown[]): unknown[] {
  generator.shuffle(items);
  return items;
}

function weighting(weights: Weights, cumWeights: Weights): Record<string, readonly number[]> {
  return { ...(weights && { weights }), ...(cumWeights && { cumWeights }) };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The longest list that is recorded as it is; `LONGEST_LIST` in the recorder. */
const LONGEST_LIST = 40;

function shorten(result: unknown): unknown {
  if (!Array.isArray(result) || result.length <= LONGEST_LIST) return result;
  return `${result.length} items, sha256 ${sha256(result.join(","))}`;
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
