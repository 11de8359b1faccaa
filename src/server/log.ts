import { writeSync } from "node:fs";
import { GemError, show } from "../errors.ts";

const STDERR = 2;

/** How much a log line matters, the most important first. `GEM_LOG_LEVEL` names the last that is written. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** One of `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes one entry. */
export type Log = (
  level: LogLevel,
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** The last level that is written: what `GEM_LOG_LEVEL` names, else `info`. @throws GEM_INVALID_OPTION */
export function logLevel(): LogLevel {
  const text = process.env["GEM_LOG_LEVEL"] ?? "";
  const level = LOG_LEVELS.find((name) => name === (text === "" ? "info" : text));
  if (level !== undefined) return level;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `GEM_LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}, got ${show(text)}.`,
  );
}

/**
 * A log that writes JSON lines to standard error, each with `time`, `level`, `pid`, `worker` and `message`; works from any thread, and
 * never throws.
 *
 * @param context facts of every line; without `worker` it is the main thread's
 * @throws GEM_INVALID_OPTION when `GEM_LOG_LEVEL` is no level
 */
export function stderrLog(context: Readonly<Record<string, unknown>>): Log {
  const last = LOG_LEVELS.indexOf(logLevel());
  return (level, message, fields) => {
    if (LOG_LEVELS.indexOf(level) > last) return;
    const entry = {
      time: new Date().toISOString(),
      level,
      pid: process.pid,
      worker: "main",
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
