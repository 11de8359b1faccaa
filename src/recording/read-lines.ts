import { createReadStream } from "node:fs";
import { GemError, show } from "../errors.ts";
import { FORMAT_VERSION, type Line } from "./format.ts";
import { SUM_OPENING, sumOf } from "./line-writer.ts";

/** A line of a recording, or what is wrong with it. */
export interface ReadLine {
  /** From 1. */
  readonly number: number;
  readonly line: Line | undefined;
  /** What is wrong; absent for a line that is whole. */
  readonly problem?: string;
}

const NEWLINE = 0x0a;
const DIGITS = 8;

/**
 * The lines of a recording, in order. A line that its writer did not finish (the last one of the file, or one before another
 * writer's header) is left out; any other that cannot be read, or does not fit its sum, comes with a problem.
 *
 * @throws GEM_INVALID_ARGUMENT when the file cannot be read, or is no recording of this format
 */
export async function* readLines(path: string): AsyncGenerator<ReadLine> {
  let bad: ReadLine | undefined;
  let number = 0;
  for await (const bytes of splitLines(path)) {
    number += 1;
    const read = { number, ...parse(bytes) };
    if (number === 1) checkFirst(path, read);
    if (read.line?.kind === "header") checkFormat(path, read.line.format);
    else if (bad !== undefined) yield bad;
    bad = read.problem === undefined ? undefined : read;
    if (bad === undefined) yield read;
  }
  if (bad !== undefined) yield bad;
  if (number === 0) throw notARecording(path, "it is empty");
}

/** The lines that have an end. */
async function* splitLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  const stream = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const chunk of stream) {
      const data = Buffer.concat([rest, chunk as Buffer]);
      let start = 0;
      for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
        yield data.subarray(start, end);
        start = end + 1;
      }
      rest = data.subarray(start);
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new GemError("GEM_INVALID_ARGUMENT", `${show(path)} cannot be read: ${error.message}.`);
  } finally {
    stream.destroy();
  }
}

function parse(bytes: Buffer): { readonly line: Line | undefined; readonly problem?: string } {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { line: undefined, problem: "it is not JSON" };
  }
  if (typeof value !== "object" || value === null || !("kind" in value)) {
    return { line: undefined, problem: "it is no line of a recording" };
  }
  const line = value as Line;
  const end = bytes.lastIndexOf(SUM_OPENING);
  const written = bytes.toString("latin1", end + SUM_OPENING.length).slice(0, DIGITS);
  const sum = (sumOf(bytes, 0, Math.max(0, end)) >>> 0).toString(16).padStart(DIGITS, "0");
  if (end >= 0 && written === sum) return { line };
  return { line, problem: "it was changed after it was written: its sum does not fit" };
}

function checkFirst(path: string, { line }: ReadLine): void {
  if (line?.kind === "header") return;
  throw notARecording(path, "its first line is no header");
}

function checkFormat(path: string, format: unknown): void {
  if (format === FORMAT_VERSION) return;
  throw new GemError(
    "GEM_UNSUPPORTED",
    `${show(path)} has version ${show(format)} of the format of recordings; this version reads ${String(FORMAT_VERSION)}. Replay it with the version that recorded it.`,
  );
}

function notARecording(path: string, why: string): GemError {
  const message = `${show(path)} is no recording: ${why}. Recordings are made with record= or GEM_RECORD.`;
  return new GemError("GEM_INVALID_ARGUMENT", message);
}
