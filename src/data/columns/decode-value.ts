import { deserialize } from "node:v8";
import type { Encoding } from "./column.ts";

/** A value that lies between two places of some bytes; it shares nothing with them. */
export function decodeValue(
  encoding: Exclude<Encoding, "number" | "boolean">,
  bytes: Uint8Array,
  start: number,
  end: number,
): unknown {
  if (encoding === "bytes") return Uint8Array.from(bytes.subarray(start, end));
  if (encoding === "text") {
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  }
  // Arrays of bytes in a value would lie in what it was read from.
  return deserialize(Uint8Array.from(bytes.subarray(start, end))) as unknown;
}
