import zlib from "node:zlib";

/** Bytes that one checksum is of: what is read at the least. */
export const PAGE_BYTES = 4096;

/** CRC-32, going on from the one of what came before; undefined in Node before 20.15, which has none. */
export const crc32: ((bytes: Uint8Array, before?: number) => number) | undefined = (
  zlib as { readonly crc32?: typeof zlib.crc32 }
).crc32;
