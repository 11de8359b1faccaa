import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZimArchive } from "../../../../../src/envs/games/wiki-game/zim/archive.ts";
import { isGemError } from "../../../../../src/errors.ts";
import { writeZim } from "./zim-file.ts";

let folder: string;
let real: Buffer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-zim-"));
  const file = writeZim({ Tea: '<a href="Cup">c</a>', Cup: "<p>A cup.</p>", Chai: "->Tea" });
  real = readFileSync(file.path);
  file.remove();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface OldEntry {
  readonly path: string;
  readonly title?: string;
  /** HTML, or the number of the entry that this one redirects to. */
  readonly content: string | number;
}

/** A ZIM file as writers made them until 2021: version 5, articles in namespace A; one cluster, not packed. */
function oldZim(entries: readonly OldEntry[], info = 1): Buffer {
  const wide = info >= 0x10;
  const blobs = entries.map(({ content }) => Buffer.from(String(content)));
  const table = Buffer.alloc((blobs.length + 1) * (wide ? 8 : 4));
  let at = table.length;
  [...blobs, Buffer.alloc(0)].forEach((blob, i) => {
    if (wide) table.writeBigUInt64LE(BigInt(at), i * 8);
    else table.writeUInt32LE(at, i * 4);
    at += blob.length;
  });
  const cluster = Buffer.concat([Buffer.from([info]), table, ...blobs]);
  const records = entries.map(({ path, title = "", content }, i) => {
    const head = Buffer.alloc(typeof content === "number" ? 12 : 16);
    head.writeUInt16LE(typeof content === "number" ? 0xffff : 0, 0);
    head.write("A", 3, "latin1");
    head.writeUInt32LE(typeof content === "number" ? content : 0, 8);
    if (typeof content === "string") head.writeUInt32LE(i, 12);
    return Buffer.concat([head, Buffer.from(`${path}\0${title}\0`)]);
  });
  const mime = Buffer.from("text/html\0\0");
  const parts = [mime, ...records, cluster];
  const starts: number[] = [];
  let position = 80;
  for (const part of parts) {
    starts.push(position);
    position += part.length;
  }
  const pointers = Buffer.alloc(entries.length * 8 + 8);
  starts.slice(1).forEach((start, i) => pointers.writeBigUInt64LE(BigInt(start), i * 8));
  const order = entries.map((_, i) => i);
  order.sort((a, b) => (titleAt(entries, a) < titleAt(entries, b) ? -1 : 1));
  const titles = Buffer.alloc(entries.length * 4);
  order.forEach((entry, rank) => titles.writeUInt32LE(entry, rank * 4));
  const header = Buffer.alloc(80);
  header.writeUInt32LE(72_173_914, 0);
  header.writeUInt16LE(5, 4);
  header.writeUInt32LE(entries.length, 24);
  header.writeUInt32LE(1, 28);
  const lists = [position, position + pointers.length, position + entries.length * 8, 80];
  lists.forEach((list, i) => header.writeBigUInt64LE(BigInt(list), 32 + i * 8));
  return Buffer.concat([header, ...parts, pointers, titles]);
}

function titleAt(entries: readonly OldEntry[], i: number): string {
  return entries[i]?.title ?? entries[i]?.path ?? "";
}

function write(bytes: Buffer): string {
  const path = join(folder, "file.zim");
  writeFileSync(path, bytes);
  return path;
}

async function using<T>(bytes: Buffer, task: (archive: ZimArchive) => Promise<T>): Promise<T> {
  const archive = await ZimArchive.open(write(bytes));
  try {
    return await task(archive);
  } finally {
    await archive.close();
  }
}

describe("a ZIM file from before 2021", () => {
  const entries: OldEntry[] = [
    { path: "B", title: "Zebra", content: "<p>b</p>" },
    { path: "C", content: 0 },
    { path: "D", title: "Ape", content: "<p>d</p>" },
  ];

  it.each([1, 0x11])("is read, also with wide positions (cluster byte %i)", async (info) => {
    await using(oldZim(entries, info), async (archive) => {
      expect(archive.size).toBe(3);
      expect(await archive.documentByPath("D")).toEqual({ path: "D", html: "<p>d</p>" });
      expect(await archive.documentByPath("C")).toEqual({ path: "B", html: "<p>b</p>" });
      expect(await archive.documentByTitle("Ape")).toEqual({ path: "D", html: "<p>d</p>" });
      expect(await archive.documentByTitle("Bear")).toBeUndefined();
      expect(await archive.documentByPath("E")).toBeUndefined();
      expect(await archive.documentAt(1)).toBeUndefined();
      expect((await archive.documentAt(2))?.path).toBe("D");
    });
  });

  it.each([
    [2, "zlib"],
    [3, "bzip2"],
    [4, "LZMA"],
  ])("packed in the way %i (%s) is refused with what to do", async (info, name) => {
    const reading = using(oldZim(entries, info), (archive) => archive.documentByPath("B"));
    await expect(reading).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringMatching(
        new RegExp(`is packed with ${name}, as files from before 2020 are.*kiwix-serve\\.$`),
      ) as string,
      details: { retryable: false },
    });
  });
});

describe("a ZIM file that is no good", () => {
  it("is named when it is not there, or something else", async () => {
    await expect(ZimArchive.open("/no/such.zim")).rejects.toThrow(
      /\/no\/such\.zim cannot be opened/,
    );
    await expect(ZimArchive.open(folder)).rejects.toMatchObject({ code: "GEM_UNAVAILABLE" });
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(200, "x")]) {
      await expect(ZimArchive.open(write(bytes))).rejects.toThrow(/is no ZIM file/);
    }
    const newer = Buffer.from(real);
    newer.writeUInt16LE(7, 4);
    await expect(ZimArchive.open(write(newer))).rejects.toThrow(/version 7; versions 5 and 6/);
  });

  it("is not followed in circles", async () => {
    const circle = oldZim([
      { path: "B", content: 1 },
      { path: "C", content: 0 },
    ]);
    expect(await using(circle, (archive) => archive.documentByPath("B"))).toBeUndefined();
  });

  it("never does anything worse than to be refused: cut short", async () => {
    for (let length = 0; length < real.length; length += 97)
      await isReadOrRefused(real.subarray(0, length));
  });

  it("never does anything worse than to be refused: bytes changed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        async (changes) => {
          const bytes = Buffer.from(real);
          for (const [at, byte] of changes) bytes[at] = byte;
          await isReadOrRefused(bytes);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("never does anything worse than to be refused: header changed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(79), fc.bigInt(0n, 2n ** 64n - 1n), async (at, value) => {
        const bytes = Buffer.from(real);
        bytes.writeBigUInt64LE(value, Math.max(8, at));
        await isReadOrRefused(bytes);
      }),
      { numRuns: 100 },
    );
  });
});

async function isReadOrRefused(bytes: Buffer): Promise<void> {
  try {
    await using(bytes, async (archive) => {
      for (let n = 0; n < Math.min(archive.size, 6); n++) await archive.documentAt(n);
      for (const name of ["Tea", "Cup", "Chai"]) {
        await archive.documentByPath(name);
        await archive.documentByTitle(name);
      }
    });
  } catch (error) {
    if (!isGemError(error) || error.code !== "GEM_UNAVAILABLE") throw error;
  }
}
