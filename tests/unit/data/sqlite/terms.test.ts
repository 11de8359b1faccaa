import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../../../src/data/sqlite/database.ts";
import { indexedText, matchExpression } from "../../../../src/data/sqlite/terms.ts";

describe("matchExpression", () => {
  it.each([
    ["capital of France?", '"capital" OR "france"'],
    ["the of", '"the" OR "of"'],
    ['x" OR * NEAR(a b) -c ^d:e', '"x" OR "near" OR "b" OR "c" OR "d" OR "e"'],
    ["Café café", '"café"'],
    ["首都北京 2", '"首 都" OR "都 北" OR "北 京" OR "2"'],
    ["都", '"都"'],
  ])("of %j is %j", (query, expression) => {
    expect(matchExpression(query)).toBe(expression);
  });

  it.each(["", "  ", '"*()', "\u0000"])("of %j is none", (query) => {
    expect(matchExpression(query)).toBeUndefined();
  });

  it("looks at 128 words at most", () => {
    const query = Array.from({ length: 500 }, (_, index) => `w${index}`).join(" ");
    expect(matchExpression(query)?.split(" OR ")).toHaveLength(128);
  });

  it("is something that FTS5 can run, whatever the text is", () => {
    const database = openDatabase(":memory:", "write");
    database.exec("CREATE VIRTUAL TABLE terms USING fts5 (contents, content = '')");
    const match = database.prepare("SELECT rowid FROM terms WHERE terms MATCH ?");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (query) => {
        const expression = matchExpression(query);
        if (expression !== undefined) expect(match.all(expression)).toEqual([]);
      }),
      { seed: 1 },
    );
    database.close();
  });
});

describe("indexedText", () => {
  it("sets characters of scripts without spaces apart", () => {
    expect(indexedText("ab 北京 c")).toBe("ab  北  京  c");
  });
});
