/** Inputs that are kept: the golden frames, and those that once broke something. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENT, SESSION } from "./calls.ts";
import { parseInput, type FuzzInput } from "./input.ts";

const GOLDEN = join(import.meta.dirname, "..", "fixtures", "wire");

/** Where inputs are kept that broke something. */
export const CRASHES: string = join(import.meta.dirname, "crashes");

/** Programs and other machines are not for a fuzzer. */
const REACHES_OUT = /python_code|mcp|search|program/;

/** The golden frames, whole and refused ones, with the placeholders of sessions and clients. */
export function goldenFrames(): readonly Buffer[] {
  return ["client.json", "refused.json", "values.json"].flatMap((file) => {
    const entries = JSON.parse(readFileSync(join(GOLDEN, file), "utf8")) as { hex: string }[];
    return entries
      .map(({ hex }) => withPlaceholders(Buffer.from(hex, "hex")))
      .filter((frame) => !REACHES_OUT.test(frame.toString("latin1")));
  });
}

function withPlaceholders(frame: Buffer): Buffer {
  const session = Buffer.from("0102030405060708", "hex");
  const client = Buffer.from("00112233445566778899aabbccddeeff", "hex");
  return replaceBytes(replaceBytes(frame, session, SESSION), client, CLIENT);
}

/** A copy in which every occurrence of some bytes has become others of the same length. */
export function replaceBytes(frame: Buffer, from: Buffer, to: Buffer): Buffer {
  let at = frame.indexOf(from);
  if (at < 0) return frame;
  const copy = Buffer.from(frame);
  for (; at >= 0; at = copy.indexOf(from, at + from.length)) to.copy(copy, at);
  return copy;
}

/** The kept inputs of a target, by file name. */
export function crashesOf(target: string): readonly (readonly [name: string, input: FuzzInput])[] {
  return readdirSync(CRASHES)
    .filter((name) => name.startsWith(`${target}-`) && name.endsWith(".hex"))
    .sort()
    .map((name) => [name, parseInput(readFileSync(join(CRASHES, name), "utf8"))] as const);
}
