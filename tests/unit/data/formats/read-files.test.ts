import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dataset, Row } from "../../../../src/data/dataset.ts";
import { loadDataset } from "../../../../src/data/load-dataset.ts";

const FIXTURES = fileURLToPath(new URL("../../../fixtures/data", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-data-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function rowsOf(dataset: Dataset): Row[] {
  return Array.from({ length: dataset.length }, (_, i) => dataset.at(i));
}

async function read(name: string, content: string | Uint8Array): Promise<Row[]> {
  return rowsOf(await loadDataset({ name: write(name, content) }));
}

/** The form in which tests/fixtures/record_data.py writes values. */
function recorded(value: unknown): unknown {
  if (typeof value === "bigint") return { big: value.toString() };
  if (value instanceof Date) return { date: value.toISOString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return value.map(recorded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, recorded(item)]));
}

describe("files of Python's", () => {
  const files = ["snappy.parquet", "zstd.parquet", "gzip.parquet", "none.parquet"];
  it.each([...files, "stream.arrow", "file.arrow"])(
    "kinds-%s has the values that Python wrote",
    async (name) => {
      const dataset = await loadDataset({ name: join(FIXTURES, `kinds-${name}`) });
      const expected: unknown = JSON.parse(readFileSync(join(FIXTURES, "kinds.json"), "utf8"));
      expect(rowsOf(dataset).map(recorded)).toEqual(expected);
    },
  );

  it("are read in part when some columns are asked for", async () => {
    const name = join(FIXTURES, "kinds-zstd.parquet");
    const dataset = await loadDataset({ name, columns: ["int", "bytes"] });
    expect(dataset.columns).toEqual(["int", "bytes"]);
    expect(dataset.at(19)).toEqual({ int: 16, bytes: Uint8Array.of(137, 80, 19, 255) });
  });
});

describe("JSON", () => {
  it("is an object a line; what a row lacks is null, and blank lines are none", async () => {
    expect(await read("a.jsonl", '\uFEFF{"a":1}\n\n{"b":[{"c":"é"}]}\r\n{"a":"x"}')).toEqual([
      { a: 1, b: null },
      { a: null, b: [{ c: "é" }] },
      { a: "x", b: null },
    ]);
  });

  it("is an array of objects or of values, or one object", async () => {
    expect(await read("a.json", '[\n{"a": 1},\n{"a": true}\n]')).toEqual([{ a: 1 }, { a: true }]);
    expect(await read("b.json", '["u", "v"]')).toEqual([{ text: "u" }, { text: "v" }]);
    expect(await read("c.json", '{\n"a": [1, 2],\n"b": "x"}')).toEqual([{ a: [1, 2], b: "x" }]);
    expect(await read("d.json", '{"a":[1,2],"b":["x","y"]}')).toEqual([
      { a: [1, 2], b: ["x", "y"] },
    ]);
  });

  it("may be packed", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => JSON.stringify({ text: "é".repeat(i) }));
    const rows = await read("a.jsonl.gz", gzipSync(lines.join("\n")));
    expect(rows[2999]).toEqual({ text: "é".repeat(2999) });
    expect(rows).toHaveLength(3000);
  });

  it("says which line is none", async () => {
    await expect(read("a.jsonl", '{"a":1}\n{"a":\n')).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining('line 2 is no JSON object: {"a":') as string,
    });
  });
});

describe("CSV", () => {
  it("has the types that pandas finds", async () => {
    const text = 'a,b,c,d\n1,NA,true,x\n2,3.5,False,\n\n 3,1e2,,"y\n""z"""\n';
    expect(await read("a.csv", text)).toEqual([
      { a: 1, b: null, c: true, d: "x" },
      { a: 2, b: 3.5, c: false, d: null },
      { a: 3, b: 100, c: null, d: 'y\n"z"' },
    ]);
  });

  it("is text where one value is no number, and lacks what a short line lacks", async () => {
    expect(await read("a.csv", "a,a,b\n1,007,1\nx,08\n")).toEqual([
      { a: "1", "a.1": 7, b: 1 },
      { a: "x", "a.1": 8, b: null },
    ]);
  });

  it("refuses a line that is too long", async () => {
    await expect(read("a.csv", "a,b\n1,2,3\n")).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
  });

  it("may be separated by tabs", async () => {
    expect(await read("a.tsv", "a\tb\n1\t2,5\n")).toEqual([{ a: 1, b: "2,5" }]);
  });
});

describe("other files", () => {
  it("of text have a row a line", async () => {
    expect(await read("a.txt", "one\r\n\ntwo")).toEqual([
      { text: "one" },
      { text: "" },
      { text: "two" },
    ]);
  });

  it("that are cut short are an error that names them", async () => {
    for (const name of ["kinds-snappy.parquet", "kinds-file.arrow"]) {
      const whole = readFileSync(join(FIXTURES, name));
      const path = write(name, whole.subarray(0, whole.length - 100));
      await expect(loadDataset({ name: path })).rejects.toMatchObject({
        code: "GEM_UNAVAILABLE",
        message: expect.stringContaining(`"${path}" cannot be read as`) as string,
      });
    }
  });

  it("without rows are an empty dataset", async () => {
    expect(await read("a.jsonl", "")).toEqual([]);
    expect(await read("b.csv", "a,b\n")).toEqual([]);
    expect((await loadDataset({ name: write("c.csv", "a,b\n") })).columns).toEqual(["a", "b"]);
  });
});
