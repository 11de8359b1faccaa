/** The msgpack extension types of the wire. Every other type is refused (`docs/protocol.md`, section 3). */
export const EXTENSION = {
  set: 0x02,
  tuple: 0x03,
  ndArray: 0x04,
  float: 0x05,
  clientRef: 0x06,
  map: 0x07,
  typedArray: 0x08,
  bigInt: 0x42,
} as const;

/** Bytes of the longest integer that crosses the wire; arithmetic on longer ones would block the reader. */
export const BIG_INT_BYTES = 4096;

/** A typed array other than `Uint8Array`, which is msgpack's bin. */
export type WireTypedArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A class of typed arrays. */
export interface WireTypedArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): WireTypedArray;
}

/** Element kind (one byte, the letter of Python's `struct`) → class. */
export const TYPED_ARRAYS: ReadonlyMap<number, WireTypedArrayClass> = new Map<
  number,
  WireTypedArrayClass
>([
  [0x62, Int8Array],
  [0x68, Int16Array],
  [0x69, Int32Array],
  [0x71, BigInt64Array],
  [0x48, Uint16Array],
  [0x49, Uint32Array],
  [0x51, BigUint64Array],
  [0x66, Float32Array],
  [0x64, Float64Array],
]);

const KIND_OF_CLASS = new Map<unknown, number>(
  [...TYPED_ARRAYS].map(([kind, constructor]) => [constructor, kind]),
);

/** The element kind of a typed array, or undefined when `value` is none that crosses the wire. */
export function typedArrayKind(value: object): number | undefined {
  return KIND_OF_CLASS.get(value.constructor);
}
