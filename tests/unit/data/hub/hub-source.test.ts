import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFiles } from "../../../../src/data/formats/read-files.ts";
import { hubSource } from "../../../../src/data/hub/hub-source.ts";
import { hubSettings, type HubSettings } from "../../../../src/data/hub/settings.ts";
import type { DownloadProgress, Source } from "../../../../src/data/source.ts";
import { HubServer } from "../../../fixtures/hub-server.ts";

const NAME = "owner/Data-Set";
const FILES = {
  "README.md": "---\nlicense: mit\n---\n# Data\n",
  "data/train-00000-of-00002.jsonl": '{"a":1}\n{"a":2}\n',
  "data/train-00001-of-00002.jsonl": '{"a":3}\n',
  "data/test-00000-of-00001.jsonl": '{"a":4}\n',
  "other/big.gz": "x",
};

let hub: HubServer;
let home: string;

beforeEach(async () => {
  hub = await HubServer.start();
  home = mkdtempSync(join(tmpdir(), "gem-hub-"));
});

afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

function settings(more: Readonly<Record<string, string>> = {}): HubSettings {
  return hubSettings({ HF_ENDPOINT: `${hub.url}/`, HF_HOME: home, ...more });
}

function source(
  request: { split?: string; revision?: string; config?: string } = {},
  more?: Readonly<Record<string, string>>,
): Promise<Source> {
  return hubSource({ name: NAME, ...request }, settings(more));
}

async function valuesOf({ files }: Source): Promise<number> {
  return (await readFiles(files, undefined, () => undefined)).rows;
}

function repository(...path: string[]): string {
  return join(home, "hub", "datasets--owner--Data-Set", ...path);
}

function leftovers(): string[] {
  const names = readdirSync(join(home, "hub"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => /incomplete|tmp|jsonl\.[0-9a-f]{8}$/.test(name));
}

const OFFLINE = { HF_HUB_OFFLINE: "1" };

describe("a repository", () => {
  it("comes split by split, into the layout of huggingface_hub", async () => {
    const sha = hub.push(NAME, FILES);
    const { files } = await source({ split: "train" });
    expect(files.map(({ name, format }) => [name, format])).toEqual([
      ["data/train-00000-of-00002.jsonl", "json"],
      ["data/train-00001-of-00002.jsonl", "json"],
    ]);
    expect(await valuesOf({ title: "", files })).toBe(3);
    expect([...hub.downloads].sort()).toEqual([
      "README.md",
      "data/train-00000-of-00002.jsonl",
      "data/train-00001-of-00002.jsonl",
    ]);
    expect(readFileSync(repository("refs", "main"), "utf8")).toBe(sha);
    const link = repository("snapshots", sha, "data", "train-00001-of-00002.jsonl");
    expect(readlinkSync(link)).toMatch(/^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
    const tree = readFileSync(repository("trees", `${sha}.json`), "utf8");
    expect(Object.keys((JSON.parse(tree) as { files: object }).files)).toEqual(
      Object.keys(FILES).sort(),
    );
    expect(leftovers()).toEqual([]);
  });

  it("is not downloaded again, also when another commit has the same files", async () => {
    hub.push(NAME, FILES);
    await source({ split: "train" });
    const before = hub.downloads.length;
    const sha = hub.push(NAME, { ...FILES, "new.txt": "" });
    await source({ split: "train" });
    expect(hub.downloads).toHaveLength(before);
    expect(readFileSync(repository("refs", "main"), "utf8")).toBe(sha);
  });

  it("is read at another revision", async () => {
    hub.push(NAME, FILES);
    const sha = hub.push(NAME, { "x.jsonl": '{"a":9}\n' }, "refs/pr/1");
    expect(await valuesOf(await source({ revision: "refs/pr/1" }))).toBe(1);
    expect(await valuesOf(await source({ revision: sha }))).toBe(1);
    expect(readFileSync(repository("refs", "refs", "pr", "1"), "utf8")).toBe(sha);
  });

  it("is read without the network once it is here", async () => {
    hub.push(NAME, FILES);
    await source({ split: "train" });
    const requests = hub.requests;
    expect(await valuesOf(await source({ split: "train" }, OFFLINE))).toBe(3);
    expect(hub.requests).toBe(requests);
    await expect(source({ split: "test" }, OFFLINE)).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining('"data/test-00000-of-00001.jsonl"') as string,
    });
    await expect(source({ split: "tes" }, OFFLINE)).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
    });
  });

  it("is read from the cache when the hub cannot be reached", async () => {
    hub.push(NAME, FILES);
    await source({ split: "train" });
    const gone = { HF_ENDPOINT: "http://127.0.0.1:9" };
    expect(await valuesOf(await source({ split: "train" }, gone))).toBe(3);
    await expect(source({ split: "test" }, gone)).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      details: { retryable: true },
    });
  });

  it("that is in no cache says so, and what to do", async () => {
    await expect(source({}, OFFLINE)).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining("gem data prefetch owner/Data-Set") as string,
    });
    expect(existsSync(join(home, "hub"))).toBe(false);
  });

  it("of which only one part of several is here is not taken for whole", async () => {
    hub.push(NAME, FILES);
    const { files } = await source({ split: "train" });
    rmSync(repository("trees"), { recursive: true });
    rmSync(files[1]?.path ?? "");
    await expect(source({ split: "train" }, OFFLINE)).rejects.toMatchObject({
      message: expect.stringContaining("train-00001-of-00002") as string,
    });
  });

  it("that is a program is refused with what may help", async () => {
    hub.push(NAME, { ...FILES, "Data-Set.py": "" });
    await expect(source({ split: "train" })).rejects.toMatchObject({
      code: "GEM_UNSUPPORTED",
      message: expect.stringContaining("refs/convert/parquet") as string,
    });
  });

  it("whose paths lead out of the cache is not followed", async () => {
    hub.push(NAME, { "../../../evil.jsonl": "{}", "a.jsonl": "{}" });
    expect((await source()).files.map(({ name }) => name)).toEqual(["a.jsonl"]);
  });
});

describe("a download", () => {
  const TEXT = `${JSON.stringify({ text: "x".repeat(100_000) })}\n`;
  const PATH = "train.jsonl";

  /** Leaves what a download leaves that was stopped. */
  async function leave(partial: string): Promise<void> {
    const sha = hub.push(NAME, { [PATH]: TEXT });
    await source();
    const [blob = ""] = readdirSync(repository("blobs"));
    rmSync(repository("snapshots", sha), { recursive: true });
    rmSync(repository("blobs", blob));
    writeFileSync(repository("blobs", `${blob}.incomplete`), partial);
    hub.downloads.length = 0;
  }

  it("goes on where it stopped", async () => {
    await leave(TEXT.slice(0, 40_000));
    const { files } = await source();
    expect(hub.downloads).toEqual([`${PATH} from 40000`]);
    expect(readFileSync(files[0]?.path ?? "", "utf8")).toBe(TEXT);
    expect(leftovers()).toEqual([]);
  });

  it("begins again when what was there before is wrong", async () => {
    await leave("garbage");
    const { files } = await source();
    expect(hub.downloads).toEqual([`${PATH} from 7`, PATH]);
    expect(readFileSync(files[0]?.path ?? "", "utf8")).toBe(TEXT);
  });

  it("that breaks off again and again is an error, and leaves no commit behind", async () => {
    hub.push(NAME, { [PATH]: TEXT });
    hub.faults.set(PATH, { cutAfter: 40_000 });
    await expect(source()).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining(`"${PATH}" of dataset "${NAME}" cannot be had`) as string,
      details: { retryable: true },
    });
    expect(existsSync(repository("refs"))).toBe(false);
    expect(existsSync(repository("snapshots"))).toBe(false);
    hub.faults.clear();
    expect(await valuesOf(await source())).toBe(1);
  });

  it("with another checksum leaves nothing", async () => {
    hub.push(NAME, { [PATH]: TEXT });
    hub.faults.set(PATH, { isCorrupt: true });
    await expect(source()).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining("checksum") as string,
    });
    expect(readdirSync(repository("blobs"))).toEqual([]);
    expect(existsSync(repository("snapshots"))).toBe(false);
  });

  it("is made once when several ask at once", async () => {
    hub.push(NAME, { [PATH]: TEXT });
    const all = await Promise.all(Array.from({ length: 8 }, () => source()));
    expect(new Set(all.map(({ files }) => files[0]?.path)).size).toBe(1);
    expect(hub.downloads).toEqual([PATH]);
  });

  it("says how far it is", async () => {
    hub.push(NAME, { [PATH]: TEXT });
    const seen: DownloadProgress[] = [];
    await hubSource({ name: NAME }, settings(), { onProgress: (now) => seen.push(now) });
    expect(seen.at(-1)).toEqual({ done: TEXT.length, total: TEXT.length });
  });

  it("for which there is no room says so, and leaves nothing", async () => {
    hub.push(NAME, { [PATH]: TEXT });
    await source();
    const [blob = ""] = readdirSync(repository("blobs"));
    rmSync(repository(), { recursive: true });
    mkdirSync(repository("blobs"), { recursive: true });
    symlinkSync("/dev/full", repository("blobs", `${blob}.incomplete`));
    hub.downloads.length = 0;
    await expect(source()).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining("the disk is full") as string,
    });
    expect(hub.downloads).toHaveLength(1);
    expect(readdirSync(repository("blobs"))).toEqual([]);
  });

  it("that may not be written is an error that says where", async () => {
    hub.push(NAME, { [PATH]: TEXT });
    mkdirSync(join(home, "hub"));
    writeFileSync(join(home, "hub", ".locks"), "");
    await expect(source()).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining(`cannot be kept in "${join(home, "hub")}"`) as string,
    });
  });
});

describe("access", () => {
  it("is by HF_TOKEN, or by the file that a login wrote", async () => {
    hub.push(NAME, FILES);
    hub.token = "hf_right";
    await source({ split: "test" }, { HF_TOKEN: "hf_right" });
    writeFileSync(join(home, "token"), "hf_right\n");
    await source({ split: "train" });
  });

  it("that is refused says what to check", async () => {
    hub.push(NAME, FILES);
    hub.token = "hf_right";
    await expect(source({ split: "train" }, { HF_TOKEN: "hf_wrong" })).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining("HF_TOKEN") as string,
    });
    expect(existsSync(join(home, "hub"))).toBe(false);
  });

  it("to a repository or revision that does not exist is an error that names it", async () => {
    await expect(source()).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining('Dataset "owner/Data-Set" does not exist') as string,
    });
    hub.push(NAME, FILES);
    await expect(source({ revision: "v2" })).rejects.toMatchObject({
      message: expect.stringContaining('at revision "v2" has no such revision') as string,
    });
  });
});
