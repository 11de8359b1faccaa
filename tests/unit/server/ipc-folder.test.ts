import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  isAlive,
  makeIpcFolder,
  removeIpcFolder,
  sweepIpcFolders,
} from "../../../src/server/ipc-folder.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-test-"));
  vi.stubEnv("TMPDIR", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

describe("makeIpcFolder", () => {
  it("makes a private folder that names this process", () => {
    const made = makeIpcFolder();
    expect(made.startsWith(join(folder, `gem-${String(process.pid)}-`))).toBe(true);
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it("keeps to paths that a socket can have", () => {
    vi.stubEnv("TMPDIR", join(folder, "x".repeat(90)));
    const made = makeIpcFolder();
    removeIpcFolder(made);
    expect(made).toMatch(/^\/tmp\/gem-\d+-\w{6}$/);
  });
});

describe("sweepIpcFolders", () => {
  it("removes folders of dead processes, and nothing else", async () => {
    const dead = `gem-${String(deadPid())}-abcdef`;
    const living = `gem-${String(process.pid)}-abcdef`;
    for (const name of [dead, living, "gem-1-short", "gem-x-abcdef", "other"])
      mkdirSync(join(folder, name));
    writeFileSync(join(folder, dead, "0"), "");
    await sweepIpcFolders();
    expect(readdirSync(folder).sort()).toEqual(
      [living, "gem-1-short", "gem-x-abcdef", "other"].sort(),
    );
  });

  it("leaves a socket alone that answers, whatever its process id means here", async () => {
    const name = `gem-${String(deadPid())}-abcdef`;
    mkdirSync(join(folder, name));
    const server = createServer().listen(join(folder, name, "0"));
    await once(server, "listening");
    await sweepIpcFolders();
    expect(readdirSync(folder)).toEqual([name]);
    server.close();
  });

  it("leaves a file alone that has such a name", async () => {
    const name = `gem-${String(deadPid())}-abcdef`;
    writeFileSync(join(folder, name), "");
    await sweepIpcFolders();
    expect(readdirSync(folder)).toEqual([name]);
  });
});

describe("isAlive", () => {
  it("tells living from dead", () => {
    expect([isAlive(process.pid), isAlive(process.ppid), isAlive(deadPid())]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
