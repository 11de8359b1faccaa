import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { resolveFiles, type Resolved } from "../../../../src/data/repository/resolve.ts";

interface Layout {
  readonly files: readonly string[];
  readonly card: string | null;
  /** What Python's `datasets` makes of it; null when it refuses. */
  readonly result: {
    readonly config: string;
    readonly module: string;
    readonly splits: readonly (readonly [string, readonly string[]])[];
  } | null;
}

const LAYOUTS = JSON.parse(
  readFileSync(new URL("../../../fixtures/data/layouts.json", import.meta.url), "utf8"),
) as readonly Layout[];
const READ = new Set(["parquet", "json", "csv", "arrow", "text"]);

function resolve(
  files: readonly string[],
  card: string | null,
  config?: string,
  split?: string,
): Promise<Resolved> {
  const readme = card === null ? [] : ["README.md"];
  const listing = {
    title: "It",
    files: [...files, ...readme],
    read: () => Promise.resolve(`---\n${card ?? ""}---\n# Title\n`),
  };
  return resolveFiles(listing, config, split);
}

describe("files, configurations and splits", () => {
  it.each(LAYOUTS.map((layout, i) => [i, layout] as const))(
    "layout %i gives what datasets gives",
    async (_, { files, card, result }) => {
      if (result === null) {
        await expect(resolve(files, card, undefined, "train")).rejects.toMatchObject({
          name: "GemError",
        });
        return;
      }
      for (const [split, paths] of result.splits) {
        const found = resolve(files, card, undefined, split);
        if (!READ.has(result.module)) {
          await expect(found).rejects.toMatchObject({ code: "GEM_UNSUPPORTED" });
          continue;
        }
        const { config, files: own } = await found;
        expect([config, own.map(({ path }) => path)]).toEqual([result.config, paths]);
      }
    },
  );

  it("takes the only split, and asks for one of several", async () => {
    expect((await resolve(["odd/x.csv"], null)).split).toBe("train");
    await expect(resolve(["train.csv", "test.csv"], null)).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
      message: "It has several splits, and one must be named: train, test.",
    });
  });

  it("names the splits when one is unknown, and the one that is near", async () => {
    await expect(resolve(["train.csv", "test.csv"], null, undefined, "tain")).rejects.toMatchObject(
      {
        code: "GEM_INVALID_OPTION",
        message: 'It has no split "tain"; it has train, test. Did you mean "train"?',
      },
    );
  });

  it("names the configurations when one is unknown or must be named", async () => {
    const card =
      "configs:\n- config_name: one\n  data_files: a.csv\n- config_name: two\n  data_files: b.csv\n";
    await expect(resolve(["a.csv", "b.csv"], card)).rejects.toMatchObject({
      message: "It has several configurations, and one must be named: one, two.",
    });
    await expect(resolve(["a.csv", "b.csv"], card, "too")).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
      message: 'It has no configuration "too"; it has one, two. Did you mean "two"?',
    });
    expect((await resolve(["a.csv", "b.csv"], card, "two")).files).toEqual([
      { path: "b.csv", format: "csv" },
    ]);
  });

  it("refuses parameters of readers, which would change the rows", async () => {
    const card = "configs:\n- config_name: one\n  data_files: a.csv\n  sep: ';'\n";
    await expect(resolve(["a.csv"], card)).rejects.toMatchObject({ code: "GEM_UNSUPPORTED" });
  });
});
