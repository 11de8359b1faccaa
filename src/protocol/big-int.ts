import { BIG_INT_BYTES } from "./extensions.ts";

/**
 * Two's complement, big-endian, as short as possible: the payload of extension 0x42.
 * Undefined when it would be longer than `BIG_INT_BYTES`.
 */
export function bigIntToBytes(value: bigint): Uint8Array | undefined {
  const magnitude = value < 0n ? -value - 1n : value;
  const bits = magnitude === 0n ? 1 : magnitude.toString(16).length * 4 + 1;
  let length = Math.ceil(bits / 8);
  if (length > BIG_INT_BYTES + 1) return undefined;
  if (length > 1 && BigInt.asIntN((length - 1) * 8, value) === value) length -= 1;
  if (length > BIG_INT_BYTES) return undefined;
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, "0");
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** The integer whose two's complement big-endian bytes these are; no bytes are 0. */
export function bigIntFromBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  let hex = "0x";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt.asIntN(bytes.length * 8, BigInt(hex));
}
