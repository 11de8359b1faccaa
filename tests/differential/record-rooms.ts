/**
 * Records `tests/fixtures/sokoban-hard.json`: 8x8 rooms of the reference implementation, which takes seconds for each.
 *
 * Run: `npx tsx tests/differential/record-rooms.ts`, with `GEM_ORACLE_PYTHON` set or after `npm test` (several minutes).
 */
import { writeFileSync } from "node:fs";
import { Oracle, type Row } from "./oracle.ts";
import { ROOM_FIELDS, type RecordedRoom } from "./recorded-rooms.ts";

const SEEDS_PER_ID = 40;
const IDS = ["game:Sokoban-v0-hard", "game:Sokoban-v0-random"];

/** One room from the row of its reset. */
function recorded(id: string, seed: number, row: Row): RecordedRoom {
  return { id, seed, rng: row.rng, state: row.state };
}

const oracle = new Oracle();
const rooms: RecordedRoom[] = [];
for (const id of IDS) {
  for (let seed = 0; seed < SEEDS_PER_ID; seed++) {
    const [reset] = await oracle.ask({ id, kwargs: {}, seed, fields: ROOM_FIELDS, actions: [] });
    if (reset !== undefined) rooms.push(recorded(id, seed, reset));
    process.stderr.write(`${id} ${String(seed)}\n`);
  }
}
await oracle.close();
const lines = rooms.map((room) => `  ${JSON.stringify(room)}`);
writeFileSync(
  new URL("../fixtures/sokoban-hard.json", import.meta.url),
  `[\n${lines.join(",\n")}\n]\n`,
);
