/** Keeps the folder of packed files small, and tells what is in it. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CheckedFile } from "./checked-file.ts";
import type { Description } from "./layout.ts";
import { EXTENSION, familyOf } from "./place.ts";

/** ms without a change after which a file that is not whole has nobody who writes it. */
const ABANDONED_MS = 3_600_000;

/** A packed file, as `gem data packed` shows it. */
export interface PackedEntry {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What it says of itself; undefined when it is damaged, or not whole. */
  readonly description: Description | undefined;
}

/** Removes what a new packed file stands in for, and what nobody completes. Never throws. */
export function removeSuperseded(path: string): void {
  const folder = dirname(path);
  const own = basename(path);
  try {
    for (const name of readdirSync(folder)) {
      const isOlder = name.startsWith(familyOf(own)) && name.endsWith(EXTENSION) && name !== own;
      if (isOlder || isAbandoned(join(folder, name))) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // Whoever comes next may have more luck.
  }
}

/** The packed files of a folder, the largest first. */
export function listPacked(folder: string): PackedEntry[] {
  return namesIn(folder)
    .filter(isOurs)
    .map((name) => {
      const path = join(folder, name);
      return { path, size: sizeOf(path), description: describe(path) };
    })
    .sort((a, b) => b.size - a.size);
}

/** Removes the packed files of a folder; whoever reads one goes on. @returns the bytes that they took */
export function removePacked(folder: string): number {
  let bytes = 0;
  for (const name of namesIn(folder).filter(isOurs)) {
    bytes += sizeOf(join(folder, name));
    rmSync(join(folder, name), { force: true });
  }
  return bytes;
}

/** Whether a name is a packed file's, whole or not. */
function isOurs(name: string): boolean {
  return /^[\da-f]{32}-[\da-f]{32}\.gempack(?:\.[\da-f]{8}\.tmp)?$/.test(name);
}

function isAbandoned(path: string): boolean {
  if (!path.endsWith(".tmp") || !isOurs(basename(path))) return false;
  return (
    Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > ABANDONED_MS
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function describe(path: string): Description | undefined {
  try {
    const file = new CheckedFile(path);
    file.close();
    return JSON.parse(file.description) as Description;
  } catch {
    return undefined;
  }
}
