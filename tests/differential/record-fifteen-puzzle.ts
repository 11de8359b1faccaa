/**
 * Records `tests/fixtures/fifteen-puzzle.json`: runs of the fifteen puzzle of upstream's repository, whose rules the published
 * gem-llm 0.1.0 does not have yet.
 *
 * Run: `GEM_UPSTREAM_SRC=<checkout> npx tsx tests/differential/record-fifteen-puzzle.ts`, with `GEM_ORACLE_PYTHON` set or after
 * `npm test` (a minute). The Python also needs what the checkout imports: bs4, pywikiapi and requests.
 */
import { deepStrictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { playedByBoth } from "./fifteen-puzzle-runs.ts";
import { fifteenPuzzle } from "./games/fifteen-puzzle.ts";
import { Oracle } from "./oracle.ts";
import { recordedRun, rowsOf, type RecordedRun } from "./recorded-puzzles.ts";

if (process.env["GEM_UPSTREAM_SRC"] === undefined) {
  throw new Error("GEM_UPSTREAM_SRC must name a checkout of upstream's repository.");
}
const oracle = new Oracle();
const runs: RecordedRun[] = [];
for (const [id, options, seeds] of fifteenPuzzle.cases) {
  for (let seed = 0; seed < seeds; seed++) {
    const { theirs } = await playedByBoth(oracle, id, options, seed);
    const run = recordedRun(id, options, seed, theirs);
    deepStrictEqual(rowsOf(run), theirs);
    runs.push(run);
  }
  process.stderr.write(`${id} ${JSON.stringify(options)}\n`);
}
await oracle.close();
const lines = runs.map((run) => `  ${JSON.stringify(run)}`);
writeFileSync(
  new URL("../fixtures/fifteen-puzzle.json", import.meta.url),
  `[\n${lines.join(",\n")}\n]\n`,
);
