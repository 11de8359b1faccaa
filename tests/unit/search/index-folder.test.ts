import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openIndex, type IndexProgress } from "../../../src/search/index/index-folder.ts";
import { StoreReader } from "../../../src/search/index/store.ts";
import { never, ROWS, Scratch } from "./corpus-files.ts";

let scratch: Scratch;
let folder: string;

beforeEach(() => {
  scratch = new Scratch();
  folder = join(scratch.folder, "index");
});

afterEach(() => {
  scratch.remove();
});

/** How often an index is built while it is opened. */
async function buildsWhileOpening(corpus: string | undefined): Promise<number> {
  const seen: IndexProgress[] = [];
  const onProgress = (progress: IndexProgress): void => void seen.push(progress);
  await openIndex(folder, corpus, { signal: never(), onProgress });
  return seen.filter(({ phase, done, total }) => phase === "index" && done === total).length;
}

describe("openIndex", () => {
  it("makes an index once, and opens it from then on", async () => {
    const corpus = scratch.corpus();
    expect(await buildsWhileOpening(corpus)).toBe(1);
    expect(await buildsWhileOpening(corpus)).toBe(0);
    expect(await buildsWhileOpening(undefined)).toBe(0);
  });

  it("makes it again when the corpus has changed, and not when it was only touched", async () => {
    const corpus = scratch.corpus();
    await buildsWhileOpening(corpus);
    utimesSync(corpus, 1, 1);
    expect(await buildsWhileOpening(corpus)).toBe(0);
    writeFileSync(corpus, readFileSync(corpus, "utf8").replace("Italy", "Spain"));
    utimesSync(corpus, 2, 2);
    expect(await buildsWhileOpening(corpus)).toBe(1);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("keeps everything that a row has, and fills in id, title, text and contents", async () => {
    const { store, passages } = await openIndex(folder, scratch.corpus(), { signal: never() });
    expect(passages).toBe(4);
    const reader = new StoreReader(store);
    const documents = reader.page(0, 10).map((json) => JSON.parse(json) as unknown);
    reader.close();
    expect(documents).toEqual([
      {
        id: "p",
        title: "Paris",
        text: "Paris is the capital of France.",
        contents: '"Paris"\nParis is the capital of France.',
      },
      {
        id: "7",
        title: "Rome",
        text: "Rome is the capital of Italy.",
        contents: '"Rome"\nRome is the capital of Italy.',
      },
      {
        id: "2",
        title: "Tea",
        text: "Tea is drunk in cafés and gardens",
        contents: "Tea\nTea is drunk in cafés and gardens",
        language: "en",
      },
      { id: "3", title: "Alone", text: "", contents: "Alone" },
    ]);
  });

  it("reads a corpus that is packed", async () => {
    const corpus = join(scratch.folder, "docs.jsonl.gz");
    writeFileSync(corpus, gzipSync(ROWS.map((row) => JSON.stringify(row)).join("\n")));
    expect((await openIndex(folder, corpus, { signal: never() })).passages).toBe(4);
    expect(await buildsWhileOpening(corpus)).toBe(0);
  });

  it("leaves the previous index when it is stopped, and nothing of the new one", async () => {
    const corpus = scratch.corpus();
    const before = await openIndex(folder, corpus, { signal: never() });
    scratch.corpus(Array.from({ length: 2000 }, (_, index) => ({ contents: `row ${index}` })));
    const stop = new AbortController();
    const onProgress = ({ passages }: IndexProgress): void => {
      if (passages >= 1000) stop.abort(new Error("Ctrl-C"));
    };
    const build = openIndex(folder, corpus, { signal: stop.signal, onProgress });
    await expect(build).rejects.toThrow("Ctrl-C");
    expect(await openIndex(folder, undefined, { signal: never() })).toEqual(before);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("removes what a killed build left", async () => {
    const corpus = scratch.corpus();
    await openIndex(folder, corpus, { signal: never() });
    const rest = join(folder, "generation-4194304000-abcdef01");
    await openIndex(join(rest, "inner"), corpus, { signal: never() });
    scratch.corpus([...ROWS, { contents: "One more" }]);
    await openIndex(folder, corpus, { signal: never() });
    expect(existsSync(rest)).toBe(false);
  });

  it.each([
    ["[1]", /Row 2 .*"contents", or strings "title" and "text", got \[1\]/],
    ['{"title":"x"}', /Row 2 .*got \{"title":"x"\}/],
    ['{"contents":5}', /Row 2 /],
    ["{oops", /Row 2 .*is no JSON/],
  ])("refuses the row %s by its number, and leaves nothing", async (row, message) => {
    const corpus = join(scratch.folder, "bad.jsonl");
    writeFileSync(corpus, `{"contents":"good"}\n\n${row}\n`);
    await expect(openIndex(folder, corpus, { signal: never() })).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a corpus that is no file, and a folder without an index", async () => {
    const code = "GEM_INVALID_OPTION";
    const missing = join(scratch.folder, "none");
    await expect(openIndex(folder, missing, { signal: never() })).rejects.toMatchObject({ code });
    await expect(openIndex(folder, undefined, { signal: never() })).rejects.toMatchObject({ code });
  });
});
