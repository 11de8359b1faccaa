import { GemError, show } from "../errors.ts";

const MOST_SECONDS = 7 * 24 * 3600;

/** The number of workers that `GEM_WORKERS` names, or undefined when it is not set. @throws GEM_INVALID_OPTION */
export function workersFromEnvironment(): number | undefined {
  const text = process.env["GEM_WORKERS"];
  return text === undefined || text === "" ? undefined : readWorkers("GEM_WORKERS", text);
}

/** A number of workers. @param name where it was written, for messages @throws GEM_INVALID_OPTION */
export function readWorkers(name: string, text: string): number {
  return readInteger(name, text, 1, 256);
}

/** An integer from `least` to `most`. @param name where it was written, for messages @throws GEM_INVALID_OPTION */
export function readInteger(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${name} must be an integer from ${least} to ${most}, got ${show(text)}.`,
  );
}

/** A positive number of seconds, at most a week. @param name where it was written, for messages @throws GEM_INVALID_OPTION */
export function readSeconds(name: string, text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value > 0 && value <= MOST_SECONDS) return value;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${name} must be a number of seconds above 0 and up to ${MOST_SECONDS}, got ${show(text)}.`,
  );
}
