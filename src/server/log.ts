import { writeSync } from "node:fs";

const STDERR = 2;

/** Writes one entry. */
export type Log = (
  level: "info" | "error",
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** A log that writes JSON lines to standard error; works from any thread, and never throws. */
export function stderrLog(context: Readonly<Record<string, unknown>>): Log {
  return (level, message, fields) => {
    const entry = {
      time: new Date().toISOString(),
      level,
      pid: process.pid,
      ...context,
      message,
      ...fields,
    };
    try {
      writeSync(STDERR, `${JSON.stringify(entry)}\n`);
    } catch {
      // Whoever read the log is gone, or it is full: serving goes on.
    }
  };
}

/** What a log entry says of an error: its stack, or its text. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
