import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ChunkValues } from "../../../../src/data/columns/chunk-values.ts";
import { Column } from "../../../../src/data/columns/column.ts";
import { Table } from "../../../../src/data/columns/table.ts";
import { Sink } from "../../../../src/data/formats/sink.ts";
import { DamagedFile } from "../../../../src/data/packed/checked-file.ts";
import { openTable } from "../../../../src/data/packed/open-table.ts";
import { TableWriter } from "../../../../src/data/packed/table-writer.ts";
import { valuesOf } from "./tables.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-packed-"));
  path = join(folder, "table");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Packs rows. @returns them as a table in memory */
function pack(rows: Rows, flushEach = Infinity): Table {
  const parts = new Map<string, ChunkValues[]>();
  const writer = new TableWriter(path);
  const sink = new Sink(undefined, (name, chunk) => {
    writer.add(name, chunk);
    parts.set(name, [...(parts.get(name) ?? []), new ChunkValues(chunk)]);
  });
  rows.forEach((row, i) => {
    sink.row(row);
    if (i % flushEach === flushEach - 1) sink.column("a")?.flush();
  });
  sink.end();
  const names = [...sink.names];
  writer.finish({ sources: ["x"], rows: rows.length, names });
  const columns = names.map((name) => [name, new Column(parts.get(name) ?? [])] as const);
  return new Table("rows", rows.length, new Map(columns));
}

function refuse(error: unknown): never {
  throw error;
}

function open(columns?: readonly string[]): Table {
  const table = openTable(path, "rows", columns, refuse);
  if (table === undefined) throw new Error("It does not open.");
  return table;
}

const leaf = fc.oneof(
  fc.constant(null),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.double(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
  fc.boolean(),
  fc.uint8Array(),
  fc.date(),
);
const value = fc.oneof(
  { weight: 4, arbitrary: leaf },
  fc.array(leaf, { maxLength: 4 }),
  fc.dictionary(fc.string(), fc.oneof(leaf, fc.array(leaf)), { noNullPrototype: true }),
);
const name = fc.oneof(fc.constantFrom("a", "b", "7", "__proto__", "é"), fc.string());
const table = fc
  .uniqueArray(name, { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc
      .array(fc.tuple(...names.map(() => value)), { maxLength: 40 })
      .map((rows) =>
        rows.map((values) => Object.fromEntries(names.map((key, i) => [key, values[i]]))),
      ),
  );

describe("a packed table", () => {
  it("has the columns, values and types of the one in memory", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 50 }), (rows, flushEach) => {
        const inMemory = pack(rows, flushEach);
        const packed = open();
        expect([packed.length, packed.names]).toEqual([inMemory.length, inMemory.names]);
        expect(Object.entries(valuesOf(packed))).toStrictEqual(Object.entries(valuesOf(inMemory)));
      }),
    );
  });

  it("has them in any order of asking", () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 30 });
    const rows = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(sizes, rows, (lengths, order) => {
        const texts = lengths.map((length, i) => String.fromCodePoint(0x4e00 + i).repeat(length));
        pack(texts.map((a, b) => ({ a, b })));
        const [a, b] = [open().column("a"), open().column("b")];
        for (const number of order.take(60)) {
          const row = number % texts.length;
          expect([a.at(row), b.at(row)]).toEqual([texts[row], row]);
        }
      }),
    );
  });

  it("has values larger than what is read ahead, among small ones", () => {
    const texts = Array.from({ length: 300 }, (_, i) => `${i} `.repeat(i % 50 === 7 ? 90_000 : i));
    pack(texts.map((a) => ({ a })));
    expect(valuesOf(open())["a"]).toEqual(texts);
    expect(open().column("a").at(299)).toBe(texts[299]);
  });

  it("keeps in memory where values are, and little else", () => {
    pack(Array.from({ length: 10_000 }, (_, i) => ({ a: `${i}`.repeat(100) })));
    const packed = open();
    expect(packed.size).toBe(0);
    expect(valuesOf(packed)["a"]?.[9999]).toBe("9999".repeat(100));
    expect(packed.size).toBeLessThan(150_000);
    expect(statSync(path).size).toBeGreaterThan(3_000_000);
  });

  it("gives values that share nothing with each other", () => {
    pack([{ a: [Uint8Array.of(1)] }, { a: [Uint8Array.of(2)] }]);
    const column = open().column("a");
    const [first] = column.at(0) as [Uint8Array];
    first[0] = 9;
    expect([column.at(0), column.at(1)]).toEqual([[Uint8Array.of(1)], [Uint8Array.of(2)]]);
  });

  it("without rows or columns is one too", () => {
    pack([]);
    expect([open().length, open().names]).toEqual([0, []]);
  });

  it("that lacks a column that is asked for does not open", () => {
    pack([{ a: 1, b: 2 }]);
    expect(open(["b"]).names).toEqual(["b"]);
    expect(openTable(path, "rows", ["c"], refuse)).toBeUndefined();
  });

  it("stays readable when its file is removed", () => {
    pack([{ a: "x" }]);
    const packed = open();
    rmSync(path);
    expect(valuesOf(packed)).toEqual({ a: ["x"] });
  });
});

describe("a damaged file", () => {
  const ROWS = Array.from({ length: 400 }, (_, i) => ({ a: `text ${i}`.repeat(5), b: i, c: [i] }));

  it("that was cut short anywhere does not open", () => {
    pack(ROWS);
    const whole = readFileSync(path);
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), (length) => {
        writeFileSync(path, whole);
        truncateSync(path, length);
        expect(openTable(path, "rows", undefined, refuse)).toBeUndefined();
      }),
    );
  });

  it("never gives another value, wherever it was changed", () => {
    const before = valuesOf(pack(ROWS));
    const whole = readFileSync(path);
    fc.assert(
      fc.property(
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (i, bits) => {
          const changed = Uint8Array.from(whole);
          changed[i] = (changed[i] ?? 0) ^ bits;
          writeFileSync(path, changed);
          const packed = openTable(path, "rows", undefined, refuse);
          if (packed === undefined) return;
          for (const column of packed.names) {
            for (let row = 0; row < packed.length; row++) {
              let found: unknown;
              try {
                found = packed.column(column).at(row);
              } catch (error) {
                expect(error).toBeInstanceOf(DamagedFile);
                continue;
              }
              expect(found).toEqual(before[column]?.[row]);
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("of another kind, or none, does not open", () => {
    writeFileSync(path, "x".repeat(10_000));
    expect(openTable(path, "rows", undefined, refuse)).toBeUndefined();
    writeFileSync(path, "");
    expect(openTable(path, "rows", undefined, refuse)).toBeUndefined();
    expect(openTable(folder, "rows", undefined, refuse)).toBeUndefined();
  });
});
