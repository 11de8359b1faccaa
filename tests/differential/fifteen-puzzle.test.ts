/**
 * The fifteen puzzle against recorded runs of upstream's repository, whose rules gem-llm 0.1.0 does not have.
 *
 * Where `GEM_UPSTREAM_SRC` names a checkout, it is also played side by side.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playedByBoth } from "./fifteen-puzzle-runs.ts";
import { fifteenPuzzle } from "./games/fifteen-puzzle.ts";
import { Oracle } from "./oracle.ts";
import { actionsOf, recordedPuzzles, rowsOf } from "./recorded-puzzles.ts";
import { makeEnv, play } from "./run.ts";

describe("FifteenPuzzle recorded by upstream", () => {
  const runs = recordedPuzzles();

  it.each(fifteenPuzzle.cases)(
    "is played here alike: %s %j for %i seeds",
    async (id, options, seeds) => {
      const name = JSON.stringify([id, options]);
      const recorded = runs.filter((run) => JSON.stringify([run.id, run.options]) === name);
      expect(recorded).toHaveLength(seeds);
      for (const run of recorded) {
        const actions = actionsOf(run);
        const ours = await play(
          makeEnv(id, options),
          run.seed,
          actions.length,
          ({ turn_count }) => actions[Number(turn_count)] ?? "",
        );
        expect(ours.rows, `seed ${String(run.seed)}`).toEqual(rowsOf(run));
      }
    },
  );

  it("has steps of every kind", () => {
    const rows = runs.flatMap(rowsOf);
    const kinds = rows.map(({ reward, terminated, truncated }) =>
      [Math.sign(reward ?? 0), reward === 1, terminated, truncated].join(" "),
    );
    expect(new Set(kinds)).toEqual(
      new Set([
        "0 false  ",
        "0 false false false",
        "1 true true false",
        "-1 false true false",
        "-1 false true true",
        "1 false true true",
        "0 false true true",
        "1 true true true",
      ]),
    );
  });
});

if (process.env["GEM_UPSTREAM_SRC"] !== undefined) {
  describe("FifteenPuzzle agrees with the checkout of upstream", () => {
    let oracle: Oracle;
    beforeAll(() => {
      oracle = new Oracle();
    });
    afterAll(() => oracle.close());

    it.each(fifteenPuzzle.cases)("%s %j for %i seeds", async (id, options, seeds) => {
      for (const seed of [...Array(seeds).keys(), 2 ** 31, 2 ** 32 - 51]) {
        const { ours, theirs } = await playedByBoth(oracle, id, options, seed);
        expect(ours, `seed ${String(seed)}`).toEqual(theirs);
      }
    });
  });
}
