import { GemError, show } from "../errors.ts";

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
