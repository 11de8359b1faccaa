import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { View } from "../../../../src/data/columns/view.ts";
import { loadDataset } from "../../../../src/data/load-dataset.ts";
import { packedSettings } from "../../../../src/data/packed/place.ts";
import { TableWriter } from "../../../../src/data/packed/table-writer.ts";
import { listPacked, removePacked } from "../../../../src/data/packed/tidy.ts";
import { tableOf, valuesOf } from "./tables.ts";

const FIXTURES = fileURLToPath(new URL("../../../fixtures/data", import.meta.url));
const CHILD = fileURLToPath(new URL("load-child.ts", import.meta.url));
let top: string;
/** Where packed files are. */
let folder: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "gem-read-table-"));
  folder = join(top, "cache", "data");
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(top, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(top, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function packedNames(): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Which files are packed files now: another one of the same name has another number. */
function packedFiles(): number[] {
  return packedNames().map((name) => statSync(join(folder, name)).ino);
}

const LINES = Array.from({ length: 500 }, (_, i) =>
  JSON.stringify({
    q: `é${i}`,
    n: i / 2,
    big: null,
    list: [i, { x: `${i}` }],
    mix: i % 2 ? i : "s",
  }),
).join("\n");

const SOURCES: Readonly<Record<string, string | Uint8Array>> = {
  "a.jsonl": LINES,
  "a.jsonl.gz": gzipSync(LINES),
  "a.json": `[${LINES.replaceAll("\n", ",")}]`,
  "a.csv": "i,big,f,b,t\n1,9007199254740993,0.5,true,x\n2,1,,false,\n",
  "a.tsv": "i\tt\n1\tx,y\n",
  "a.txt": "one\n\nthrée\n",
};
const KINDS = ["snappy.parquet", "zstd.parquet", "gzip.parquet", "stream.arrow", "file.arrow"];

describe("a table", () => {
  const names = [...Object.keys(SOURCES), ...KINDS.map((kind) => `kinds-${kind}`)];

  it.each(names)("of %s is the same unpacked, packed and loaded again", async (name) => {
    const source = SOURCES[name] ?? readFileSync(join(FIXTURES, name));
    const path = write(name, source);
    const unpacked = valuesOf(await tableOf(path, undefined));
    expect(packedNames()).toEqual([]);
    expect(valuesOf(await tableOf(path, folder))).toStrictEqual(unpacked);
    expect(packedNames()).toHaveLength(1);
    expect(valuesOf(await tableOf(path, folder))).toStrictEqual(unpacked);
    const [some = ""] = Object.keys(unpacked).slice(-1);
    // Columns come from the packed file that has all.
    const part = valuesOf(await tableOf(path, folder, [some]));
    expect(part).toStrictEqual({ [some]: unpacked[some] });
    expect(packedNames()).toHaveLength(1);
  });

  it("that is packed needs no thread", async () => {
    const path = write("a.jsonl", LINES);
    expect(await loadElsewhere(path, folder)).toMatchObject({ isSame: true, threads: 1 });
    const files = packedFiles();
    expect(await loadElsewhere(path, folder)).toMatchObject({ isSame: true, threads: 0 });
    expect(packedFiles()).toEqual(files);
  });

  it("is shuffled and selected from as one in memory, epoch after epoch", async () => {
    const path = write("a.jsonl", LINES);
    const unpacked = new View(await tableOf(path, undefined));
    await tableOf(path, folder);
    const packed = new View(await tableOf(path, folder));
    let [one, two] = [unpacked, packed];
    for (const seed of [0n, 42n, 2n ** 70n]) {
      [one, two] = [one.shuffle(seed), two.shuffle(seed)];
      expect([...two.column("q")]).toEqual([...one.column("q")]);
      expect(two.toState()).toEqual(one.toState());
    }
    expect(two.select([7, 7, 0]).at(1)).toStrictEqual(one.select([7, 7, 0]).at(1));
    expect([...packed.fromState(one.toState()).column("mix")]).toEqual([...one.column("mix")]);
  });

  it("of some columns is packed by itself", async () => {
    const path = write("a.jsonl", LINES);
    expect((await tableOf(path, folder, ["q", "n"])).names).toEqual(["q", "n"]);
    const files = packedFiles();
    expect((await tableOf(path, folder, ["n", "q"])).names).toEqual(["n", "q"]);
    expect(packedFiles()).toEqual(files);
    expect(Object.keys(listPacked(folder)[0]?.description?.columns ?? {})).toEqual(["q", "n"]);
  });

  it("without a column that is asked for is the same error, and nothing is kept", async () => {
    const path = write("a.jsonl", LINES);
    const message = '"a.jsonl" has no column "r": it has q, n, big, list, mix.';
    await expect(tableOf(path, folder, ["r"])).rejects.toThrow(message);
    expect(packedNames()).toEqual([]);
    await tableOf(path, folder);
    await expect(tableOf(path, folder, ["r"])).rejects.toThrow(message);
  });

  it("whose source breaks off half-way is an error, and nothing is kept", async () => {
    const path = write("a.jsonl", `${LINES}\n{"q":`);
    await expect(tableOf(path, folder)).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
    expect(packedNames()).toEqual([]);
  });
});

describe("a source that changes", () => {
  it("to the same size is read again, and what was packed of it goes", async () => {
    const path = write("a.jsonl", '{"a":1}\n');
    expect(valuesOf(await tableOf(path, folder))).toEqual({ a: [1] });
    const before = packedNames();
    write("a.jsonl", '{"a":2}\n');
    expect(valuesOf(await tableOf(path, folder))).toEqual({ a: [2] });
    expect(packedNames()).toHaveLength(1);
    expect(packedNames()).not.toEqual(before);
  });

  it("and gets its old time back is read again as well", async () => {
    const path = write("a.jsonl", '{"a":1}\n');
    utimesSync(path, 1000, 1000);
    await tableOf(path, folder);
    write("a.jsonl", '{"a":2}\n');
    utimesSync(path, 1000, 1000);
    expect(valuesOf(await tableOf(path, folder))).toEqual({ a: [2] });
  });

  it("so shortly before that a further change might not show is not packed", async () => {
    vi.stubEnv("GEM_DATA_CACHE", folder);
    const path = write("a.jsonl", `${LINES}\n`.repeat(30));
    const changed = Math.floor(statSync(path).ctimeMs);
    const now = vi.spyOn(Date, "now").mockReturnValue(changed + 10);
    await loadDataset({ name: path });
    expect(packedNames()).toEqual([]);
    now.mockReturnValue(changed + 60_000);
    await loadDataset({ name: path, columns: ["q"] });
    expect(packedNames()).toHaveLength(1);
  });

  it("is no other one for being a blob of the hub's cache elsewhere", async () => {
    const blob = join("datasets--o--n", "blobs", "ab".repeat(32));
    write(join("one", blob), LINES);
    cpSync(join(top, "one"), join(top, "two"), { recursive: true });
    const [one = "", two = ""] = ["one", "two"].map((home) => {
      const folderOf = join(top, home, "datasets--o--n", "snapshots", "c");
      mkdirSync(folderOf, { recursive: true });
      const path = join(folderOf, "a.jsonl");
      symlinkSync(join(top, home, blob), path);
      return path;
    });
    const values = valuesOf(await tableOf(one, folder));
    const files = packedFiles();
    expect(valuesOf(await tableOf(two, folder))).toEqual(values);
    expect(packedFiles()).toEqual(files);
  });
});

describe("small sources", () => {
  it("are not packed", async () => {
    vi.stubEnv("GEM_DATA_CACHE", folder);
    const later = Date.now() + 60_000;
    vi.spyOn(Date, "now").mockReturnValue(later);
    await loadDataset({ name: write("a.jsonl", LINES) });
    expect(packedNames()).toEqual([]);
  });
});

describe("a packed file", () => {
  it("that is damaged at its end is made again", async () => {
    const path = write("a.jsonl", LINES);
    const values = valuesOf(await tableOf(path, folder));
    const [name = ""] = packedNames();
    const whole = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), whole.subarray(0, -10));
    expect(valuesOf(await tableOf(path, folder))).toStrictEqual(values);
    expect(readFileSync(join(folder, name)).equals(whole)).toBe(true);
  });

  it("that is damaged inside is a typed error once, and made again for whoever has the table", async () => {
    const path = write("a.jsonl", LINES);
    const values = valuesOf(await tableOf(path, folder));
    const [name = ""] = packedNames();
    const whole = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), Uint8Array.from(whole).fill(0, 0, 5000));
    const table = await tableOf(path, folder);
    expect(() => table.column("q").at(0)).toThrow(
      expect.objectContaining({
        code: "GEM_UNAVAILABLE",
        message: expect.stringContaining("It is being made again; try again.") as string,
        details: { retryable: true },
      }),
    );
    await vi.waitFor(() => expect(valuesOf(table)).toStrictEqual(values));
    expect(readFileSync(join(folder, name)).equals(whole)).toBe(true);
    expect(valuesOf(await tableOf(path, folder))).toStrictEqual(values);
  });

  it("whose source is another by then is not made again for who has the table", async () => {
    const path = write("a.jsonl", '{"q":"old"}\n');
    await tableOf(path, folder);
    const [name = ""] = packedNames();
    const whole = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), Uint8Array.from(whole).fill(0, 0, 4));
    const table = await tableOf(path, folder);
    write("a.jsonl", '{"q":"new"}\n');
    expect(() => table.column("q").at(0)).toThrow("cannot be read");
    expect(valuesOf(await tableOf(path, folder))).toEqual({ q: ["new"] });
    expect(() => table.column("q").at(0)).toThrow("cannot be read");
  });

  it("that nobody completed is no packed file, and goes when it is old", async () => {
    const path = write("a.jsonl", LINES);
    await tableOf(path, folder);
    const [name = ""] = packedNames();
    rmSync(join(folder, name));
    const writer = new TableWriter(join(folder, name));
    const bytes = Uint8Array.of(1);
    const [numbers, missing] = [new Float64Array(0), new Uint8Array(0)];
    const offsets = Uint32Array.of(0, 1);
    writer.add("q", { encoding: "text", length: 1, bytes, offsets, numbers, missing });
    const [partial = ""] = packedNames();
    expect(partial).toMatch(/\.tmp$/);
    expect((await tableOf(path, folder)).length).toBe(500);
    expect(packedNames().sort()).toEqual([name, partial]);
    utimesSync(join(folder, partial), 0, 0);
    rmSync(join(folder, name));
    await tableOf(path, folder);
    expect(packedNames()).toEqual([name]);
    writer.discard();
  });

  it("tells what it was made from, and can be removed", async () => {
    const path = write("a.jsonl", LINES);
    const table = await tableOf(path, folder);
    write(join("cache", "data", "other.txt"), "somebody's");
    const [entry, ...rest] = listPacked(folder);
    expect(rest).toEqual([]);
    expect(entry?.description).toMatchObject({ sources: [path], rows: 500 });
    expect(removePacked(folder)).toBe(entry?.size);
    expect(packedNames()).toEqual(["other.txt"]);
    expect(table.column("q").at(499)).toBe("é499");
  });
});

interface Outcome {
  readonly first: unknown;
  readonly isSame: boolean;
  readonly threads: number;
  readonly warnings: readonly string[];
}

/** Loads in another process. @param limit 1,024-byte blocks that a file may have */
async function loadElsewhere(path: string, where: string, limit = "unlimited"): Promise<Outcome> {
  const program = `ulimit -f ${limit}; exec "$0" --import tsx "$@"`;
  const child = spawn("bash", ["-c", program, process.execPath, CHILD, path, where], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await once(child, "close");
  return JSON.parse(output) as Outcome;
}

describe("processes", () => {
  it("that pack the same at once both have it, and one file stays", async () => {
    const path = write("a.jsonl", `${LINES}\n`.repeat(20));
    const values = valuesOf(await tableOf(path, undefined));
    const both = await Promise.all([loadElsewhere(path, folder), loadElsewhere(path, folder)]);
    for (const { first, isSame, warnings } of both) {
      expect([isSame, warnings]).toEqual([true, []]);
      expect(first).toEqual(values);
    }
    expect(packedNames()).toEqual([expect.stringMatching(/^[\da-f]{32}-[\da-f]{32}\.gempack$/)]);
    expect(await loadElsewhere(path, folder)).toMatchObject({ isSame: true, threads: 0 });
  });

  it("that are killed half-way leave nothing that is taken for whole", async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `{"a":${i},"b":"${i}"}\n`);
    // A source that does not end, so that packing does not either.
    const path = join(top, "a.jsonl");
    spawnSync("mkfifo", [path]);
    mkdirSync(folder, { recursive: true });
    const watcher = watch(folder);
    const child = spawn(process.execPath, ["--import", "tsx", CHILD, path, folder], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const source = createWriteStream(path);
    source.on("error", () => undefined);
    source.write(rows.join(""));
    await once(watcher, "change");
    child.kill("SIGKILL");
    await once(child, "close");
    watcher.close();
    source.destroy();
    rmSync(path);
    write("a.jsonl", rows.join(""));
    expect(packedNames()).toEqual([expect.stringMatching(/\.gempack\.[\da-f]{8}\.tmp$/)]);
    const table = await tableOf(path, folder);
    expect([table.length, table.column("b").at(99_999)]).toEqual([100_000, "99999"]);
    expect(listPacked(folder).map(({ description }) => description?.rows)).toEqual([
      100_000,
      undefined,
    ]);
  });

  it("that cannot write there read the source each time, and say so once", async () => {
    const path = write("a.jsonl", LINES);
    const where = join(write("file", ""), "cache");
    const { first, isSame, warnings } = await loadElsewhere(path, where);
    expect([first, isSame]).toEqual([valuesOf(await tableOf(path, undefined)), true]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^DataCacheWarning: Data is read anew at each start.*ENOTDIR.*GEM_DATA_CACHE/,
      ),
    ]);
  });

  it("that find no room there read the source each time, and leave nothing", async () => {
    const path = write("a.jsonl", `${LINES}\n`.repeat(20));
    const { first, isSame, warnings } = await loadElsewhere(path, folder, "64");
    expect([first, isSame]).toEqual([valuesOf(await tableOf(path, undefined)), true]);
    expect(warnings).toEqual([expect.stringMatching(/EFBIG/)]);
    expect(packedNames()).toEqual([]);
  });
});

describe("GEM_DATA_CACHE", () => {
  it("names the folder, or turns packing off", () => {
    expect(packedSettings({ GEM_DATA_CACHE: "/x" }).folder).toBe("/x");
    expect(packedSettings({ GEM_DATA_CACHE: "off" }).folder).toBeUndefined();
    expect(packedSettings({ XDG_CACHE_HOME: "/c" }).folder).toBe(join("/c", "gem", "data"));
    expect(basename(packedSettings({}).folder ?? "")).toBe("data");
  });
});
