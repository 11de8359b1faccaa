/** Values that nobody expects, in the forms of the wire. */
import { ClientRef, Float64, NdArray, Tuple } from "../../src/protocol/values.ts";
import type { FuzzRandom } from "./random.ts";

const SCALARS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2,
  63,
  255,
  1e9,
  -(2 ** 31),
  2 ** 32,
  2 ** 53 - 1,
  2n ** 63n,
  -(2n ** 200n),
  0.5,
  -0,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  new Float64(3),
  new ClientRef(7),
  new Uint8Array(16),
  new Uint8Array(0),
  new BigInt64Array(2),
];

const TEXTS = [
  "",
  "x",
  "\\boxed{5}",
  "\\boxed{}",
  "constructor",
  "toString",
  "__class__",
  "seed",
  "\0",
  "\ud83d\ude00",
  "\ufffd",
  "0",
  "99999999999999999999",
  "x".repeat(300),
];

/** A value of any kind, at most so deep. */
export function hostile(random: FuzzRandom, depth = 3): unknown {
  const kind = random.below(depth > 0 ? 12 : 5);
  if (kind < 3) return random.pick(SCALARS);
  if (kind < 5) return random.pick(TEXTS);
  const items = Array.from({ length: random.below(4) }, () => hostile(random, depth - 1));
  if (kind < 7) return items;
  if (kind < 9)
    return Object.fromEntries(items.map((item) => [random.pick([...TEXTS, "rolls"]), item]));
  if (kind === 9) return new Tuple(items);
  if (kind === 10) return random.once(2) ? new Set(items) : new Map(items.map((v, i) => [i, v]));
  return array(random);
}

/** An array whose shape fits its data, if only because a length is 0. */
function array(random: FuzzRandom): NdArray {
  const dtype = random.pick(["int64", "float64", "bool", "uint8"] as const);
  const shape = random.pick([[0], [1], [6, 6], [2, 0], [0, 2 ** 40], [2 ** 31, 0], [1, 1, 1], []]);
  const width = dtype === "int64" || dtype === "float64" ? 8 : 1;
  const count = shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);
  return new NdArray(
    dtype,
    shape,
    Uint8Array.from({ length: count * width }, () => random.below(256)),
  );
}
