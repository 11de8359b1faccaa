/** Calls of every method, right ones and nearly right ones. */
import { encode } from "../../src/protocol/codec.ts";
import { ClientRef, Tuple } from "../../src/protocol/values.ts";
import { METHODS } from "../../src/server/methods/index.ts";
import { hostile } from "./hostile.ts";
import type { FuzzRandom } from "./random.ts";

/** Stands in frames for the session's name, which is put in when they are sent. */
export const SESSION: Buffer = Buffer.from("fuzzSESS", "latin1");

/** Stands in frames for the client's id. */
export const CLIENT: Buffer = Buffer.from("fuzzCLIENTfuzzID", "latin1");

/** Environments that cost little. */
export const IDS = [
  "test:Dice-v0",
  "game:GuessTheNumber-v0-easy",
  "game:Mastermind-v0-easy",
  "game:Hangman-v0-easy",
  "game:Minesweeper-v0-easy",
  "game:FifteenPuzzle-v0-easy",
  "game:TowerofHanoi-v0-easy",
  "game:Game2048-v0-easy",
];

const ACTIONS = ["\\boxed{5}", "roll", "slow", "\\boxed{up}", "\\boxed{reveal 1 1}", "", "x", null];
const WRAPPERS = ["concat", "concat_chat", "concat_with_action", "episode_tracking", "nothing"];
const ATTRIBUTES = ["turn_count", "rolls", "board", "grid", "max_turns", "constructor", "_gem", ""];
const RESET_KEYS = ["seed", "0", "1", "deck_id"];

type Maker = (random: FuzzRandom) => readonly unknown[];

const handle = (random: FuzzRandom): unknown => 1 + random.below(6);
const depth = (random: FuzzRandom): unknown => (random.once(4) ? random.below(3) : 0);
const seed = (random: FuzzRandom): unknown => random.pick([null, 0, 1, 7, 2n ** 80n]);
const list = (random: FuzzRandom, item: (random: FuzzRandom) => unknown): unknown[] =>
  Array.from({ length: random.below(4) }, () => item(random));
const action = (random: FuzzRandom): unknown => random.pick(ACTIONS);
const indices = (random: FuzzRandom): unknown =>
  random.once(2) ? null : list(random, () => random.below(3));
const options = (random: FuzzRandom): object =>
  random.once(3) ? { [random.pick(RESET_KEYS)]: hostile(random, 1) } : {};
const policy = (random: FuzzRandom): unknown =>
  random.pick<unknown>([
    null,
    { on_fault: "mask" },
    { on_fault: "retry", deadline: 1000 },
    { deadline: 0 },
  ]);
const wrapper = (random: FuzzRandom): readonly unknown[] => [
  random.pick(WRAPPERS),
  random.once(3) ? { tokenizer: new ClientRef(random.below(3)) } : {},
];

function what(random: FuzzRandom): unknown {
  const kind = random.below(8);
  if (kind < 4) return random.pick(IDS);
  if (kind === 4) return { class: random.pick(["GuessTheNumberEnv", "MinesweeperEnv", "Object"]) };
  if (kind === 5)
    return {
      mixture: [
        [random.pick(IDS), 1, {}],
        ["test:Dice-v0", 0.5, {}],
      ],
    };
  return { object: random.below(4), id: "my:Env" };
}

const MAKERS: Readonly<Record<string, Maker>> = {
  list: () => [],
  load: () => [],
  stats: () => [],
  drain: (r) => [r.pick([null, 0, 1])],
  make: (r) => [
    list(r, () => [what(r), r.once(4) ? { seed: seed(r) } : {}]),
    list(r, wrapper),
    policy(r),
  ],
  wrap: (r) => [handle(r), depth(r), ...wrapper(r)],
  reset: (r) => [handle(r), depth(r), seed(r), options(r)],
  step: (r) => [handle(r), depth(r), action(r)],
  get: (r) => [handle(r), depth(r), r.pick(ATTRIBUTES)],
  set: (r) => [handle(r), depth(r), r.pick(ATTRIBUTES), hostile(r)],
  call: (r) => [
    handle(r),
    depth(r),
    r.pick(["sample_random_action", ...ATTRIBUTES]),
    list(r, hostile),
  ],
  get_state: (r) => [handle(r), depth(r)],
  set_state: (r) => [handle(r), depth(r), { state: hostile(r), random: hostile(r), turn_count: 1 }],
  get_states: (r) => [list(r, handle)],
  set_states: (r) => [list(r, () => [handle(r), { state: hostile(r) }])],
  spawn: (r) => [handle(r), depth(r), r.once(2), options(r)],
  vector: (r) => [list(r, handle), r.once(2), r.pick(["SameStep", "NextStep"]), policy(r)],
  vector_set: (r) => [handle(r), r.below(3), handle(r)],
  vector_reset: (r) => [
    handle(r),
    r.once(2) ? null : list(r, seed),
    options(r),
    r.pick([null, [0, 1]]),
  ],
  vector_step: (r) => [handle(r), list(r, action), indices(r), r.pick([null, [0, 1], [1, 2]])],
  vector_send: (r) => [handle(r), list(r, action), indices(r), r.once(2)],
  vector_send_reset: (r) => [handle(r), indices(r), r.once(2) ? null : list(r, seed), r.once(2)],
  vector_recv: (r) => [handle(r), 1 + r.below(3), r.pick([null, 0, 0.001])],
  check: (r) => [
    [r.pick(["test:Dice-v0", "nothing"]), {}],
    [],
    { seeds: 1, steps: 1 + r.below(2) },
  ],
  make_tool: (r) => [r.pick(["nothing", ""]), { x: hostile(r) }],
  call_tool: (r) => [handle(r), r.pick(["instruction_string", "execute_action"]), list(r, hostile)],
  grade: (r) => [r.pick(["\\boxed{5}", "5"]), ["5"], { fast: true, profile: "compat" }],
  close: (r) => [list(r, handle)],
  release: (r) => [list(r, handle)],
};

/** Methods that a fuzzed client calls most: they make things, and play with them. */
const OFTEN = ["make", "vector", "reset", "vector_reset", "step", "vector_step", "vector_send"];

/** The methods that have no maker here; none, or this file is out of date. */
export const UNKNOWN_METHODS: readonly string[] = [...METHODS.keys()].filter(
  (name) => !Object.hasOwn(MAKERS, name),
);

/** The frame of a call, its number `n`. */
export function callFrame(random: FuzzRandom, n: number): Buffer {
  const names = Object.keys(MAKERS);
  const method = random.once(2) ? random.pick(OFTEN) : random.pick(names);
  let params: unknown[] = [...(MAKERS[method]?.(random) ?? [])];
  if (random.once(6)) params[random.below(params.length + 1)] = hostile(random);
  if (random.once(40)) params = params.slice(1);
  return encode([0, SESSION, n, method, params]);
}

/** The frame of an answer to a need: as the need wants it, or not. */
export function answerFrame(random: FuzzRandom, n: number, round: number, count: number): Buffer {
  const outcomes = Array.from({ length: random.once(8) ? random.below(4) : count }, () =>
    random.once(4) ? [false, ["ValueError", "no", random.below(9)]] : [true, answer(random)],
  );
  return encode([1, SESSION, n, random.once(10) ? random.below(5) : round, outcomes]);
}

function answer(random: FuzzRandom): unknown {
  return random.pick<() => unknown>([
    () => ["seen", {}],
    () => new Tuple(["seen", 1, false, false, {}]),
    () => ["seen", 0.5, true, false, { a: new ClientRef(3) }],
    () => new ClientRef(random.below(4)),
    () => "text",
    () => hostile(random),
  ])();
}
