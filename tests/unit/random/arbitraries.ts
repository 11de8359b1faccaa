import fc from "fast-check";
import type { NumpyCall, Program, PythonCall } from "./programs.ts";

const MAX_RANGE = 2 ** 53;

/** Seeds of 1 to 160 bits, as decimal digits. */
export const seedDigits: fc.Arbitrary<string> = fc
  .integer({ min: 1, max: 160 })
  .chain((bits) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }))
  .map(String);

/** Sizes from 1 to 2^53: all magnitudes alike, and the powers of two with their neighbours. */
export const rangeSize: fc.Arbitrary<number> = fc
  .tuple(fc.integer({ min: 0, max: 53 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .chain(([bits, fraction]) => {
    const power = 2 ** bits;
    const between = Math.floor(power * (1 + fraction));
    return fc.constantFrom(power - 1, power, power + 1, between);
  })
  .map((size) => Math.min(Math.max(size, 1), MAX_RANGE));

/** Bounds `low` < `high` within ±2^53 and at most 2^53 apart. */
export const bounds: fc.Arbitrary<[low: number, high: number]> = rangeSize.chain((size) =>
  fc.maxSafeInteger().map((start): [number, number] => {
    const low = Math.min(start, MAX_RANGE - size);
    return [low, low + size];
  }),
);

const items = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 50 });
const real = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0);

const weighted = items.chain((population) => {
  const n = population.length;
  const weights = fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), {
    minLength: n,
    maxLength: n,
  });
  return fc.tuple(fc.constant(population), fc.nat(20), weights, fc.constantFrom(0, 1, 2));
});

const pythonCall: fc.Arbitrary<PythonCall> = fc.oneof(
  fc.constantFrom<PythonCall>(["random"], ["roundtrip"]),
  fc.integer({ min: 1, max: 32 }).map((k): PythonCall => ["bits32", k]),
  fc.nat(200).map((k): PythonCall => ["getrandbits", k]),
  rangeSize.map((n): PythonCall => ["randbelow", n]),
  fc.nat(120).map((n): PythonCall => ["shuffle", n]),
  bounds.map(([low, high]): PythonCall => ["randint", low, high - 1]),
  bounds.map(([low, high]): PythonCall => ["randrange", low, high, 1]),
  fc
    .tuple(bounds, fc.integer({ min: 1, max: 999 }))
    .map(([[low, high], step]): PythonCall => ["randrange", high, low, -step]),
  fc
    .tuple(bounds, fc.integer({ min: 2, max: MAX_RANGE - 1 }))
    .map(([[low, high], step]): PythonCall => ["randrange", low, high, step]),
  items.map((sequence): PythonCall => ["choice", sequence]),
  weighted.map(([population, k, weights, form]): PythonCall => {
    if (form === 0) return ["choices", population, k, null, null];
    if (form === 1) return ["choices", population, k, weights, null];
    let sum = 0;
    return ["choices", population, k, null, weights.map((weight) => (sum += weight))];
  }),
  fc
    .tuple(fc.oneof(fc.nat(300), rangeSize), fc.nat(120))
    .map(([n, k]): PythonCall => ["sample", n, Math.min(n, k)]),
  fc
    .tuple(items, fc.nat(50))
    .map(([population, k]): PythonCall => ["sample", population, k % (population.length + 1)]),
  fc.tuple(real, real).map(([a, b]): PythonCall => ["uniform", a, b]),
  fc.tuple(real, real).map(([mu, sigma]): PythonCall => ["gauss", mu, sigma]),
  seedDigits.map((seed): PythonCall => ["seed", seed]),
);

const numpyCall: fc.Arbitrary<NumpyCall> = fc.oneof(
  fc.constantFrom<NumpyCall>(["random"], ["uint32"], ["uint64"], ["roundtrip"]),
  rangeSize.map((n): NumpyCall => ["integers", n, null]),
  bounds.map(([low, high]): NumpyCall => ["integers", low, high]),
  fc.nat(300).map((n): NumpyCall => ["permutation", n]),
  items.map((sequence): NumpyCall => ["permutation", sequence]),
  items.map((sequence): NumpyCall => ["shuffle", sequence]),
);

/** Programs for a `PythonRandom`. */
export const pythonProgram: fc.Arbitrary<Program<PythonCall>> = program(pythonCall);

/** Programs for a `NumpyGenerator`. */
export const numpyProgram: fc.Arbitrary<Program<NumpyCall>> = program(numpyCall);

function program<Call>(call: fc.Arbitrary<Call>): fc.Arbitrary<Program<Call>> {
  return fc.record({ seed: seedDigits, calls: fc.array(call, { minLength: 60, maxLength: 120 }) });
}
