import { GemError, show } from "../errors.ts";

const WORD = 0x1_0000_0000;
const HEX_DIGITS = 8;

/** Whether `seed` is an integer that is known exactly: any bigint, or a number within ±(2^53 - 1). */
export function isExactInteger(seed: unknown): seed is bigint | number {
  return typeof seed === "bigint" || Number.isSafeInteger(seed);
}

/**
 * The absolute value of a seed as 32-bit words, lowest first; 0 gives one word.
 *
 * @throws GEM_INVALID_SEED when the seed is not an integer, or a number beyond ±(2^53 - 1)
 */
export function seedWords(seed: bigint | number): Uint32Array {
  if (!isExactInteger(seed)) {
    throw new GemError(
      "GEM_INVALID_SEED",
      `A seed must be an integer, got ${show(seed)}. Pass integers beyond 2^53 as bigint.`,
    );
  }
  const magnitude = seed < 0 ? -seed : seed;
  return magnitude <= Number.MAX_SAFE_INTEGER
    ? smallWords(Number(magnitude))
    : bigWords(BigInt(magnitude));
}

function smallWords(magnitude: number): Uint32Array {
  return magnitude < WORD
    ? Uint32Array.of(magnitude)
    : Uint32Array.of(magnitude % WORD, Math.floor(magnitude / WORD));
}

/** Goes through hexadecimal digits, which stays linear in the seed's length. */
function bigWords(magnitude: bigint): Uint32Array {
  const digits = magnitude.toString(16);
  const words = new Uint32Array(Math.ceil(digits.length / HEX_DIGITS));
  for (let i = 0; i < words.length; i++) {
    const end = digits.length - i * HEX_DIGITS;
    words[i] = Number.parseInt(digits.slice(Math.max(0, end - HEX_DIGITS), end), 16);
  }
  return words;
}
