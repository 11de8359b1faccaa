/** The games against the reference implementation: state, rewards, flags, boards and random streams, step by step. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Oracle, type Row } from "./oracle.ts";
import { mixed, sampling, winning } from "./policies.ts";
import { recordedRooms } from "./recorded-rooms.ts";
import { makeEnv, play, type Policy } from "./run.ts";

/** Seeds of each case, and of those whose resets take the reference implementation seconds: GEM_DIFF_SEEDS raises both. */
const SLOW_SEEDS = Number(process.env["GEM_DIFF_SEEDS"] ?? 6);
const SEEDS = Math.max(50, SLOW_SEEDS);
const STEPS = 60;
const WATCHDOG_MS = 120_000 + 30_000 * SLOW_SEEDS;

const policies: readonly ((seed: number) => Policy)[] = [mixed, winning, mixed, sampling];

/** What happened in the runs, per environment class. */
const met = new Map<string, Set<string>>();

let oracle: Oracle;
beforeAll(() => {
  oracle = new Oracle();
});
afterAll(() => oracle.close());

/** Plays one run on both sides and compares every row. */
async function compare(
  id: string,
  kwargs: Readonly<Record<string, unknown>>,
  seed: number,
  state?: Readonly<Record<string, unknown>>,
): Promise<void> {
  const env = makeEnv(id, kwargs);
  const policy = policies[seed % policies.length] ?? mixed;
  const ours = await play(env, seed, STEPS, policy(seed));
  const judged = UNREGISTERED[id];
  const theirs = await oracle.ask({
    id: judged?.id ?? id,
    kwargs: { ...judged?.kwargs, ...kwargs },
    seed,
    fields: env.attributeNames(),
    actions: ours.actions,
    ...(state === undefined ? {} : { state }),
  });
  const kinds = ours.rows.map(kindOf);
  met.set(gameOf(id), new Set([...(met.get(gameOf(id)) ?? []), ...kinds]));
  expect(ours.rows, `${id} ${JSON.stringify(kwargs)} with seed ${String(seed)}`).toEqual(theirs);
}

/** What a row is an example of. */
function kindOf({ reward, terminated, truncated }: Row): string {
  if (reward === null) return "reset";
  const ended = `${terminated ? "terminated" : ""}${truncated ? " truncated" : ""}`;
  const kind = reward < 0 ? "format error" : reward === 0 ? "nothing" : reward < 1 ? "some" : "all";
  return `${kind} ${ended}`.trim();
}

function gameOf(id: string): string {
  return id.slice("game:".length, id.indexOf("-v0"));
}

/** Ids that the reference implementation does not have, and how it plays the same game. */
const UNREGISTERED: Readonly<Record<string, { id: string; kwargs: Record<string, unknown> }>> = {
  "game:GuessTheNumber-v0": {
    id: "game:GuessTheNumber-v0-easy",
    kwargs: { min_number: 1, max_number: 20, max_turns: 10 },
  },
};

const CASES: readonly (readonly [id: string, kwargs: Record<string, unknown>, seeds: number])[] = [
  ["game:GuessTheNumber-v0-hard", {}, SEEDS],
  ["game:GuessTheNumber-v0-easy", {}, SEEDS],
  ["game:GuessTheNumber-v0-random", {}, SEEDS],
  ["game:GuessTheNumber-v0", {}, SEEDS],
  ["game:GuessTheNumber-v0-easy", { min_number: -3, max_number: 4, max_turns: 30 }, SEEDS],
  ["game:GuessTheNumber-v0-easy", { min_number: 100, max_number: null }, SEEDS],
  ["game:Game2048-v0-easy", {}, SEEDS],
  ["game:Game2048-v0-hard", {}, SEEDS],
  ["game:Game2048-v0-extreme-hard", {}, SEEDS],
  ["game:Game2048-v0-random", {}, SEEDS],
  ["game:Game2048-v0-easy", { board_size: 2, max_turns: 1000 }, SEEDS],
  ["game:Game2048-v0-easy", { board_size: 5, target_tile: 8 }, SEEDS],
  ["game:Sokoban-v0-easy", {}, SEEDS],
  ["game:Sokoban-v0-easy", { dim_room: [5, 7], num_boxes: 1, max_turns: 100 }, SEEDS],
  ["game:Sokoban-v0-easy", { dim_room: [7, 6], num_boxes: 3, max_turns: 40 }, SLOW_SEEDS],
  ["game:Sokoban-v0-hard", {}, SLOW_SEEDS],
  ["game:Sokoban-v0-random", {}, SLOW_SEEDS],
  ["game:Sokoban-v0-random", { num_boxes: 2, max_turns: 30 }, SEEDS],
];

describe("games agree with the reference implementation", () => {
  it.each(CASES)(
    "%s %j for %i seeds",
    async (id, kwargs, seeds) => {
      for (let seed = 0; seed < seeds; seed++) await compare(id, kwargs, seed);
    },
    WATCHDOG_MS,
  );

  it("a seed at the edges of upstream's domain gives the same game", async () => {
    for (const seed of [2 ** 31, 2 ** 32 - 51]) {
      await compare("game:GuessTheNumber-v0-hard", {}, seed);
      await compare("game:Sokoban-v0-easy", {}, seed);
    }
  });
});

describe("recorded Sokoban rooms", () => {
  it("are the rooms of the same seeds", async () => {
    for (const { id, seed, rng, state } of recordedRooms()) {
      const { rows } = await play(makeEnv(id, {}), seed, 0, sampling());
      expect(
        { rng: rows[0]?.rng, state: rows[0]?.state },
        `${id} with seed ${String(seed)}`,
      ).toEqual({ rng, state });
    }
  });

  it("are played as by the reference implementation", async () => {
    for (const { id, seed, state } of recordedRooms()) {
      if (id === "game:Sokoban-v0-hard") await compare(id, {}, seed, state);
    }
  });
});

it("the runs met every kind of step", () => {
  const kinds = [
    "reset",
    "format error terminated",
    "format error terminated truncated",
    "nothing",
    "nothing terminated truncated",
  ];
  const ends = ["all terminated", "some terminated truncated"];
  expect([...(met.get("GuessTheNumber") ?? [])]).toEqual(
    expect.arrayContaining([...kinds, ...ends]),
  );
  expect([...(met.get("Sokoban") ?? [])]).toEqual(expect.arrayContaining([...kinds, ...ends]));
  expect([...(met.get("Game2048") ?? [])]).toEqual(
    expect.arrayContaining([
      ...kinds,
      "some",
      "some terminated",
      "nothing terminated",
      "some terminated truncated",
    ]),
  );
});
