/** `rg:*` against the reference implementation: questions, answers, rewards, flags and counters, move by move. */
import { describe, expect, it } from "vitest";
import type { Env } from "../../src/core/env.ts";
import { DATASETS } from "../../src/envs/reasoning/datasets.data.ts";
import { defaultScore } from "../../src/envs/reasoning/default-score.ts";
import { make } from "../../src/make.ts";
import { withReasoningOracle, type Move } from "./reasoning-oracle.ts";

const WATCHDOG_MS = 120_000;

const MEMBERS = [
  { name: "chain_sum", weight: 1, config: {} },
  { name: "leg_counting", weight: 2, config: { min_animals: 2 } },
  { name: "boxnet", weight: 0.5, config: {} },
];

/** Datasets whose items have no answer of their own: nothing can be given back. */
const WITHOUT_ANSWER = ["graph_color", "rubiks_cube", "boxnet", "rush_hour", "propositional_logic"];

/** Resets with a seed, or without: they go beyond the end of a dataset of four or of three items. */
const COURSES: readonly (readonly [seed: number, size: number, resets: (number | null)[]])[] = [
  [42, 4, [null, 7, null, null, null, null, 4_294_967_295, null, 0, null]],
  [7, 3, [1, 2, 3, null, 4, null, null, null, null]],
];

const oracle = withReasoningOracle();

/** Plays resets and replies; the rows are as the oracle's. */
async function play(
  env: Env,
  resets: readonly (number | null)[],
): Promise<{ rows: unknown[]; moves: Move[] }> {
  const rows: unknown[] = [];
  const moves: Move[] = [];
  for (const [turn, seed] of resets.entries()) {
    const [question, info] = await env.reset(seed);
    const { answer } = (await env.getAttribute("data")) as { answer: string | null };
    moves.push(["reset", seed]);
    rows.push([question, info, env.getAttribute("idx"), answer]);
    for (const reply of repliesTo(answer, turn)) {
      moves.push(["step", reply]);
      rows.push(await env.step(reply));
    }
  }
  return { rows, moves };
}

/** The item's own answer, and one of several others. */
function repliesTo(answer: string | null, turn: number): string[] {
  const others = [
    "I do not know.",
    "\\boxed{}",
    "\\boxed{42}",
    `\\boxed{${answer ?? ""} }`,
    `\\boxed{first} then \\boxed{the answer is ${answer ?? "no"}}`,
    "\\boxed{[]}",
    "\\boxed{{}",
    "\\boxed{0\n1 2}",
  ];
  const other = others[turn % others.length] ?? "";
  return answer === null ? [other] : [`It is \\boxed{${answer}}.`, other];
}

/** Rows of the oracle as this project has them: what raises there earns nothing here and is told. */
function expected(rows: readonly unknown[], ours: readonly unknown[]): unknown[] {
  return rows.map((row, i) => {
    const [raised, error] = row as unknown[];
    if (raised !== "raised") return row;
    const [observation] = ours[i] as unknown[];
    return [observation, 0, true, true, { error }];
  });
}

async function compare(
  name: string,
  seed: number,
  size: number,
  resets: readonly (number | null)[],
  options: Readonly<Record<string, unknown>>,
): Promise<{ rows: unknown[]; moves: Move[] }> {
  const env = make(`rg:${name}`, { seed, size, ...options });
  const ours = await play(env, resets);
  const theirs = await oracle().play({ name, size, seed, options, moves: ours.moves });
  expect(ours.rows).toEqual(expected(theirs, ours.rows));
  return ours;
}

describe.each(Object.keys(DATASETS))("rg:%s", (name) => {
  const options = name === "composite" ? { datasets: MEMBERS } : {};

  it(
    "agrees with the reference implementation",
    async () => {
      for (const [seed, size, resets] of COURSES) {
        const { rows, moves } = await compare(name, seed, size, resets, options);
        if (WITHOUT_ANSWER.includes(name) || name === "composite") continue;
        const own = rows.filter((_, i) => moves[i]?.[1]?.toString().startsWith("It is") === true);
        expect(own.map((row) => (row as unknown[])[1])).toEqual(own.map(() => 1));
      }
    },
    WATCHDOG_MS,
  );
});

describe("options", () => {
  it.each([
    ["chain_sum", { min_terms: 3, max_terms: 3, allow_negation: true }],
    ["countdown", { operators: ["+", "-"], min_numbers: 3, max_numbers: 3 }],
    ["basic_arithmetic", { format_style: "natural", whitespace: "random" }],
    ["rubiks_cube", { cube_size: 2 }],
    ["number_sorting", { min_decimals: 1, max_decimals: 1 }],
    ["game_of_life", { grid_size_x: 4, grid_size_y: 4, simulation_steps: 2 }],
  ])("of %s reach it: %j", async (name, options) => {
    await compare(name, 5, 4, [null, 3, null], options);
  });
});

describe("the default scorer", () => {
  it("gives what the library's gives", async () => {
    const alphabet = ["", "a", "A", " ", "12", "é", "😀", "\n", "ab", "\u0301", "b"];
    const env = make("rg:letter_counting", { seed: 1, size: 40 });
    const moves: Move[] = [];
    const ours: number[] = [];
    for (let i = 0; i < 40; i++) {
      await env.reset();
      const { answer } = (await env.getAttribute("data")) as { answer: string };
      moves.push(["reset", null]);
      for (const before of alphabet) {
        const reply = `${before}${answer}${alphabet[(i + before.length) % alphabet.length] ?? ""}`;
        moves.push(["step", `\\boxed{${reply}}`]);
        ours.push(defaultScore(reply, answer));
      }
    }
    const request = { name: "letter_counting", size: 40, seed: 1, options: {}, moves };
    const rows = await oracle().play(request);
    const theirs = rows.filter((_, i) => moves[i]?.[0] === "step");
    expect(ours).toEqual(theirs.map((row) => (row as unknown[])[1]));
  });
});
