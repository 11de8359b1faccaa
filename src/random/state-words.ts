import { GemError } from "../errors.ts";

/** State words as they may come back from a wire: words, their little-endian bytes, or plain numbers. */
export type StateWords = Uint32Array | Uint8Array | readonly number[];

/**
 * The words of a snapshot.
 *
 * @param count how many words the generator has
 * @param owner the generator's name, for messages
 * @throws GEM_INVALID_STATE when they are not `count` 32-bit words in one of the forms of `StateWords`
 */
export function readStateWords(value: unknown, count: number, owner: string): ArrayLike<number> {
  if (value instanceof Uint32Array && value.length === count) return value;
  if (value instanceof Uint8Array && value.length === 4 * count) return fromBytes(value, count);
  if (Array.isArray(value) && value.length === count && value.every(isUint32)) return value;
  throw new GemError(
    "GEM_INVALID_STATE",
    `The words of a ${owner} state must be ${count} integers from 0 to 2^32 - 1 or their ${4 * count} ` +
      `little-endian bytes, got ${describe(value)}. Pass what getState() returned.`,
  );
}

/** Whether `value` is an object whose entries can be read by name. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether `value` is an integer from 0 to 2^32 - 1. */
export function isUint32(value: unknown): value is number {
  return typeof value === "number" && value >>> 0 === value;
}

function fromBytes(bytes: Uint8Array, count: number): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true));
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes as ${value.constructor.name}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return value === null ? "null" : typeof value;
}
