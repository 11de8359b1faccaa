/** The caches that huggingface_hub and Python's datasets keep, written by one side and read by the other. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ChunkValues } from "../../src/data/columns/chunk-values.ts";
import { Column } from "../../src/data/columns/column.ts";
import { readFiles } from "../../src/data/formats/read-files.ts";
import { lockFile } from "../../src/data/hub/file-lock.ts";
import { hubSource } from "../../src/data/hub/hub-source.ts";
import { hubSettings, type HubSettings } from "../../src/data/hub/settings.ts";
import { HubServer } from "../fixtures/hub-server.ts";
import { findPython } from "./oracle.ts";

const NAME = "owner/Data-Set";
const PARQUET = fileURLToPath(new URL("../fixtures/data/kinds-snappy.parquet", import.meta.url));
const LOAD = `
import datasets, json, sys
rows = datasets.load_dataset("${NAME}", split="train")
print(json.dumps(rows["text"][:]))`;

let hub: HubServer;
let home: string;

beforeEach(async () => {
  hub = await HubServer.start();
  home = mkdtempSync(join(tmpdir(), "gem-hub-"));
  hub.push(NAME, {
    "README.md": "---\nlicense: mit\n---\n",
    "data/train-00000-of-00001.parquet": readFileSync(PARQUET),
    "data/test-00000-of-00001.parquet": readFileSync(PARQUET),
  });
});

afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

function variables(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const quiet = { HF_HUB_DISABLE_PROGRESS_BARS: "1", HF_HUB_DISABLE_TELEMETRY: "1" };
  return { HF_ENDPOINT: hub.url, HF_HOME: home, ...quiet, ...more };
}

function settings(more: Readonly<Record<string, string>> = {}): HubSettings {
  return hubSettings(variables(more));
}

/** What a program prints last, as JSON. */
async function python(program: string, more?: Readonly<Record<string, string>>): Promise<unknown> {
  const child = spawn(findPython(), ["-c", program], {
    env: { ...process.env, ...variables(more) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (complaints += text.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(complaints.slice(-2000));
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as unknown;
}

async function texts(more?: Readonly<Record<string, string>>): Promise<unknown[]> {
  const { files } = await hubSource({ name: NAME, split: "train" }, settings(more));
  const parts: ChunkValues[] = [];
  const { rows } = await readFiles(files, ["text"], (_, chunk) =>
    parts.push(new ChunkValues(chunk)),
  );
  const column = new Column(parts);
  return Array.from({ length: rows }, (_, i) => column.at(i));
}

const OFFLINE = { HF_HUB_OFFLINE: "1" };

describe("the hub's cache", () => {
  it("filled here is whole and readable for huggingface_hub", async () => {
    const own = await texts();
    const found = await python(
      `
import json
from huggingface_hub import hf_hub_download, scan_cache_dir
import pyarrow.parquet as pq
path = hf_hub_download("${NAME}", "data/train-00000-of-00001.parquet", repo_type="dataset")
info = scan_cache_dir()
print(json.dumps([
    pq.read_table(path)["text"].to_pylist(),
    [str(warning) for warning in info.warnings],
    [[repo.repo_id, repo.nb_files, sorted(repo.refs)] for repo in info.repos],
]))`,
      OFFLINE,
    );
    expect(found).toEqual([own, [], [[NAME, 2, ["main"]]]]);
  });

  it("filled here is used by datasets, which downloads nothing more", async () => {
    const own = await texts();
    await hubSource({ name: NAME, split: "test" }, settings());
    const before = hub.downloads.length;
    expect(await python(LOAD)).toEqual(own);
    expect(hub.downloads.slice(before)).toEqual([]);
  });

  it("filled by datasets is used here, without the network", async () => {
    const theirs = await python(LOAD);
    expect(await texts(OFFLINE)).toEqual(theirs);
  });

  it("may be gone: what datasets has prepared is used", async () => {
    const theirs = await python(LOAD);
    rmSync(join(home, "hub"), { recursive: true });
    expect(await texts(OFFLINE)).toEqual(theirs);
    const before = hub.downloads.length;
    expect(await texts()).toEqual(theirs);
    expect(hub.downloads.slice(before)).toEqual(["README.md"]);
  });
});

describe("a lock", () => {
  it("of Python's filelock is waited for, and ends with its process", async () => {
    const path = join(home, "x.lock");
    const program = `
import sys, filelock
lock = filelock.FileLock("${path}")
lock.acquire()
print("locked", flush=True)
sys.stdin.read()`;
    const child = spawn(findPython(), ["-c", program], { stdio: ["pipe", "pipe", "inherit"] });
    await once(child.stdout, "data");
    let isOurs = false;
    const locking = lockFile(path).then((unlock) => {
      isOurs = true;
      return unlock;
    });
    // Another lock that is free is taken and given back meanwhile.
    await (
      await lockFile(join(home, "y.lock"))
    )?.();
    expect(isOurs).toBe(false);
    child.kill("SIGKILL");
    await (
      await locking
    )?.();
    expect(existsSync(path)).toBe(true);
  });

  it("that is held here keeps Python's filelock waiting", async () => {
    const path = join(home, "x.lock");
    const unlock = await lockFile(path);
    const attempt = `
import json, filelock
try:
    filelock.FileLock("${path}", timeout=0).acquire()
    print(json.dumps("taken"))
except filelock.Timeout:
    print(json.dumps("held"))`;
    expect(await python(attempt)).toBe("held");
    await unlock?.();
    expect(await python(attempt)).toBe("taken");
  });
});
