import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "../../../src/hosts/install-lock.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-test-"));
  path = join(folder, "lock");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const nothing = (): Promise<void> => Promise.resolve();

/** A lock as somebody else's process writes it. */
function held(by: { readonly pid: number; readonly host: string }): void {
  writeFileSync(path, JSON.stringify({ ...by, id: "other" }));
}

/** The number of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

describe("a lock", () => {
  it("lets one work at a time, and is gone afterwards", async () => {
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++working);
      await new Promise((resolve) => setImmediate(resolve));
      working--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(path, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is gone after work that failed, too", async () => {
    const fail = (): Promise<never> => Promise.reject(new Error("failed"));
    await expect(withLock(path, fail)).rejects.toThrow("failed");
    expect(existsSync(path)).toBe(false);
  });

  it("is taken over from a process that has ended", async () => {
    held({ pid: endedPid(), host: hostname() });
    await withLock(path, () => {
      expect(readFileSync(path, "utf8")).toContain(`"pid":${String(process.pid)},`);
      return Promise.resolve();
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is taken over from another machine that has been silent for a minute", async () => {
    held({ pid: endedPid(), host: "elsewhere" });
    const before = new Date(Date.now() - 61_000);
    utimesSync(path, before, before);
    await withLock(path, nothing);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ["a process that runs", { pid: process.ppid, host: hostname() }],
    ["another machine that was there just now", { pid: endedPid(), host: "elsewhere" }],
  ])("waits for %s until it is told to stop", async (_, holder) => {
    held(holder);
    const stop = new AbortController();
    const waiting = withLock(path, nothing, {
      onWait: () => {
        stop.abort();
      },
      signal: stop.signal,
    });
    await expect(waiting).rejects.toThrow("aborted");
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject(holder);
  });
});
