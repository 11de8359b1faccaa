import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadDataset } from "../../../src/data/load-dataset.ts";
import { HubServer } from "../../fixtures/hub-server.ts";

const STREAM = fileURLToPath(new URL("../../fixtures/data/kinds-stream.arrow", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-load-"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, ".."), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

/** What `save_to_disk` writes for one table of two parts. */
function save(path: string): void {
  const parts = ["data-00000-of-00002.arrow", "data-00001-of-00002.arrow"];
  write(
    `${path}/state.json`,
    JSON.stringify({ _data_files: parts.map((filename) => ({ filename })) }),
  );
  write(`${path}/dataset_info.json`, "{}");
  for (const part of parts) copyFileSync(STREAM, join(folder, path, part));
}

describe("a path", () => {
  it("of a file is one table, whatever the split", async () => {
    const name = write("a.jsonl", '{"q":"1"}\n{"q":"2"}\n');
    const dataset = await loadDataset({ name, split: "test" });
    expect([...dataset.column("q")]).toEqual(["1", "2"]);
  });

  it("of a folder has the splits that its files' names say", async () => {
    write("train.csv", "a\n1\n2\n");
    write("test.csv", "a\n3\n");
    expect((await loadDataset({ name: folder, split: "train" })).length).toBe(2);
    expect((await loadDataset({ name: folder, split: "test" })).at(0)).toEqual({ a: 3 });
    await expect(loadDataset({ name: folder })).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
      message: `"${folder}" has several splits, and one must be named: train, test.`,
    });
  });

  it("of a saved table has its parts in order, and ignores the split", async () => {
    save("saved");
    const name = join(folder, "saved");
    const dataset = await loadDataset({ name, split: "x", columns: ["int"] });
    expect(dataset.length).toBe(40);
    expect([dataset.value(19, "int"), dataset.value(20, "int")]).toEqual([16, -3]);
  });

  it("of saved splits needs one of them", async () => {
    save("train");
    save("test");
    write("dataset_dict.json", '{"splits": ["train", "test"]}');
    expect((await loadDataset({ name: folder, split: "test" })).length).toBe(40);
    await expect(loadDataset({ name: folder, split: "dev" })).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
      details: { splits: ["train", "test"] },
    });
  });

  it("where nothing is says so, and asks no hub", async () => {
    for (const name of ["./none", "none.jsonl", "a/b/c", join(folder, "x"), "no name"]) {
      await expect(loadDataset({ name })).rejects.toMatchObject({
        code: "GEM_UNAVAILABLE",
        message: expect.stringContaining(`There is no file or folder "${name}"`) as string,
      });
    }
  });

  it("of another kind of file is refused", async () => {
    await expect(loadDataset({ name: write("a.exe", "") })).rejects.toMatchObject({
      code: "GEM_UNSUPPORTED",
    });
  });
});

describe("columns", () => {
  it("that are not there are an error that lists those that are", async () => {
    const name = write("a.jsonl", '{"question":"1","answer":"2"}\n');
    await expect(loadDataset({ name, columns: ["problem", "answer"] })).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
      message: `"${name}" has no column "problem": it has question, answer.`,
    });
  });

  it("are loaded once, and shared by all who ask, at once or later", async () => {
    const name = write("a.jsonl", '{"a":1,"b":2}\n');
    const request = { name, columns: ["b", "a"] };
    const [one, two] = await Promise.all([loadDataset(request), loadDataset(request)]);
    expect(one).toBe(two);
    expect(await loadDataset({ name, columns: ["a", "b"] })).toBe(one);
    expect(one.shuffle(0n)).toBe(two.shuffle(0n));
  });

  it("are loaded again when the file changes", async () => {
    const name = write("a.jsonl", '{"a":1}\n');
    expect((await loadDataset({ name })).length).toBe(1);
    write("a.jsonl", '{"a":1}\n{"a":2}\n');
    expect((await loadDataset({ name })).length).toBe(2);
  });
});

describe("a repository", () => {
  it("is found once for a whole vector of environments", async () => {
    const hub = await HubServer.start();
    try {
      hub.push("owner/name", { "train.jsonl": '{"a":1}\n' });
      vi.stubEnv("HF_ENDPOINT", hub.url);
      vi.stubEnv("HF_HOME", folder);
      const first = await loadDataset({ name: "owner/name" });
      const { requests } = hub;
      const all = await Promise.all(
        Array.from({ length: 64 }, () => loadDataset({ name: "owner/name" })),
      );
      expect(all.every((one) => one === first)).toBe(true);
      expect(hub.requests).toBe(requests);
    } finally {
      await hub.close();
    }
  });

  it("is asked for again after a failure", async () => {
    const hub = await HubServer.start();
    try {
      vi.stubEnv("HF_ENDPOINT", hub.url);
      vi.stubEnv("HF_HOME", folder);
      await expect(loadDataset({ name: "owner/late" })).rejects.toThrow("does not exist");
      hub.push("owner/late", { "train.jsonl": '{"a":1}\n' });
      expect((await loadDataset({ name: "owner/late" })).length).toBe(1);
    } finally {
      await hub.close();
    }
  });
});
