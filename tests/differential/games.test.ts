/** The games against the reference implementation: state, rewards, flags, boards and random streams, step by step. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provideCorpus, type Corpus } from "./corpus.ts";
import { Oracle, type Row } from "./oracle.ts";
import type { GameCases } from "./games/game-cases.ts";
import { games } from "./games/index.ts";
import { sokoban } from "./games/sokoban.ts";
import { mixed, sampling, winning } from "./policies.ts";
import { recordedRooms } from "./recorded-rooms.ts";
import { makeEnv, play, type Policy } from "./run.ts";
import { SLOW_SEEDS } from "./seeds.ts";

const STEPS = 60;
const WATCHDOG_MS = 120_000 + 30_000 * SLOW_SEEDS;

const policies: readonly ((game: GameCases, seed: number) => Policy)[] = [
  mixed,
  winning,
  mixed,
  sampling,
];

/** What happened in the runs, per game. */
const met = new Map<string, Set<string>>();

let corpus: Corpus;
let oracle: Oracle;
beforeAll(() => {
  corpus = provideCorpus();
  oracle = new Oracle();
});
afterAll(async () => {
  await oracle.close();
  corpus.release();
});

/** Plays one run on both sides and compares every row. */
async function compare(
  game: GameCases,
  id: string,
  options: Readonly<Record<string, unknown>>,
  seed: number,
  state?: Readonly<Record<string, unknown>>,
): Promise<void> {
  const env = makeEnv(id, options);
  const policy = policies[seed % policies.length] ?? mixed;
  const ours = await play(env, seed, STEPS, policy(game, seed));
  const { kwargs, ...judged } = game.judged?.[id] ?? { id, kwargs: {} };
  const theirs = await oracle.ask({
    ...judged,
    kwargs: { ...kwargs, ...options },
    seed,
    fields: env.attributeNames(),
    actions: ours.actions,
    repair: game.sampler === "unreadable",
    ...(state === undefined ? {} : { state }),
  });
  const kinds = ours.rows.map(kindOf);
  met.set(game.game, new Set([...(met.get(game.game) ?? []), ...kinds]));
  expect(ours.rows, `${id} ${JSON.stringify(options)} with seed ${String(seed)}`).toEqual(theirs);
}

/** What a row is an example of. */
function kindOf({ reward, terminated, truncated }: Row): string {
  if (reward === null) return "reset";
  const ended = `${terminated ? "terminated" : ""}${truncated ? " truncated" : ""}`;
  const kind = reward < 0 ? "format error" : reward === 0 ? "nothing" : reward < 1 ? "some" : "all";
  return `${kind} ${ended}`.trim();
}

describe.each(games)("$game agrees with the reference implementation", (game) => {
  it.each(game.cases)(
    "%s %j for %i seeds",
    async (id, options, seeds) => {
      for (let seed = 0; seed < seeds; seed++) await compare(game, id, options, seed);
    },
    WATCHDOG_MS,
  );

  it("with seeds at the edges of upstream's domain", async () => {
    const [id = "", options = {}] = game.cases[0] ?? [];
    for (const seed of [2 ** 31, 2 ** 32 - 51]) await compare(game, id, options, seed);
  });

  it("and the runs met every kind of step", () => {
    const everywhere = ["reset", "format error terminated", "nothing"];
    const kinds = [...everywhere, ...game.meets];
    expect([...(met.get(game.game) ?? [])]).toEqual(expect.arrayContaining(kinds));
  });
});

describe("recorded Sokoban rooms", () => {
  it("are the rooms of the same seeds", async () => {
    for (const { id, seed, rng, state } of recordedRooms()) {
      const { rows } = await play(makeEnv(id, {}), seed, 0, sampling(sokoban, seed));
      expect(
        { rng: rows[0]?.rng, state: rows[0]?.state },
        `${id} with seed ${String(seed)}`,
      ).toEqual({ rng, state });
    }
  });

  it("are played as by the reference implementation", async () => {
    for (const { id, seed, state } of recordedRooms()) {
      if (id === "game:Sokoban-v0-hard") await compare(sokoban, id, {}, seed, state);
    }
  });
});
