import { realpath, stat } from "node:fs/promises";
import { GemError, show } from "../../errors.ts";
import type { DataFile } from "../formats/format.ts";

/** Of a blob in huggingface_hub's cache: its name is the hash of what is in it. */
const BLOB = /[\\/]datasets--[^\\/]+[\\/]blobs[\\/]([\da-f]{40}|[\da-f]{64})$/;
/** ns within which a file may change again and have the same times: ticks of the kernel's clock. */
const TICK_NS = 50_000_000n;
/** The same where times are whole seconds, or two. */
const COARSE_TICK_NS = 2_000_000_000n;
const SECOND_NS = 1_000_000_000n;

/** What tells a file's content from another's without reading it. */
export interface Stamp {
  /** What it is of: a path, or the hash of a blob. */
  readonly of: string;
  /** Bytes. */
  readonly size: number;
  /** What changes with the content: times; nothing for a blob, whose name does. */
  readonly version: string;
  /** Whether a change after this would be seen. */
  readonly isSettled: boolean;
}

/** The stamp of a file. @throws GEM_UNAVAILABLE when it is not there */
export async function stampOf({ path }: Pick<DataFile, "path">): Promise<Stamp> {
  try {
    const { size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    const real = await realpath(path);
    const hash = BLOB.exec(real)?.[1];
    if (hash !== undefined) return { of: hash, size: Number(size), version: "", isSettled: true };
    const changed = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
    const tick = changed % SECOND_NS === 0n ? COARSE_TICK_NS : TICK_NS;
    const age = BigInt(Date.now()) * 1_000_000n - changed;
    const version = `${mtimeNs} ${ctimeNs}`;
    return { of: real, size: Number(size), version, isSettled: age > tick };
  } catch (error) {
    const message = `There is no file ${show(path)}.`;
    throw new GemError("GEM_UNAVAILABLE", message, { retryable: false }, error);
  }
}

/** Whether files are what they were. @throws GEM_UNAVAILABLE when one is not there */
export async function areSame(
  files: readonly Pick<DataFile, "path">[],
  before: readonly Stamp[],
): Promise<boolean> {
  const now = await Promise.all(files.map(stampOf));
  return now.every(({ of, size, version }, i) => {
    const then = before[i];
    return of === then?.of && size === then.size && version === then.version;
  });
}
