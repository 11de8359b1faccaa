/** Dataset environments against the reference implementation, on one file: order, epochs, idx and verdicts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Env } from "../../src/core/env.ts";
import { defaultRegistry, makeFromSpec } from "../../src/make.ts";
import { inlineHost } from "../../src/core/host.ts";
import { closeLibraryPools } from "../../src/hosts/host-pool.ts";
import { DatasetOracle, type DatasetPlay, type Move } from "./dataset-oracle.ts";

const WATCHDOG_MS = 120_000;

let oracle: DatasetOracle;
let folder: string;
beforeAll(() => {
  oracle = new DatasetOracle();
  folder = mkdtempSync(join(tmpdir(), "gem-datasets-"));
});
afterAll(async () => {
  await oracle.close();
  await closeLibraryPools();
  rmSync(folder, { recursive: true });
});

type Row = Readonly<Record<string, unknown>>;

function writeRows(name: string, rows: readonly Row[]): string {
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return file;
}

function makeOurs(play: DatasetPlay): Env {
  const spec = defaultRegistry().classSpec(play.class);
  const options = { ...play.options, dataset_name: play.file };
  return makeFromSpec(spec, options, inlineHost);
}

/** Plays moves; the rows are as the oracle's, infos as far as upstream has them. */
async function playOurs(play: DatasetPlay): Promise<unknown[][]> {
  const env = makeOurs(play);
  const rows: unknown[][] = [];
  for (const move of play.moves) {
    if (move[0] === "step") {
      rows.push(await env.step(move[1]));
      continue;
    }
    const [, seed, idx] = move;
    const [observation, info] = await env.reset(seed, idx === null ? {} : { idx });
    const judgedBy = await env.getAttribute(play.class === "CodeEnv" ? "tests" : "answer");
    const place = play.class === "CodeEnv" ? null : env.getAttribute("idx");
    rows.push([observation, info, place, env.getAttribute("epoch"), judgedBy]);
  }
  return rows;
}

const resets = (count: number, seed: number | null = null): Move[] =>
  Array.from({ length: count }, () => ["reset", seed, null]);

/** Unseeded resets over four epochs of 7 rows, with seeded and indexed ones between. */
const COURSE: readonly Move[] = [
  ...resets(10),
  ["reset", 3, null],
  ...resets(6),
  ["reset", null, 2],
  ["reset", 11, 6],
  ...resets(9),
  ["reset", 4_294_967_295, null],
  ...resets(8),
];

const PROBLEMS: readonly Row[] = Array.from({ length: 7 }, (_, i) => ({
  problem: `What is ${i} + 1? <é\u2028>`,
  answer: String(i + 1),
}));

describe("MathEnv", () => {
  it.each([{ seed: 0 }, { seed: 42 }, { seed: 2 ** 40 + 7 }, { seed: 5, eval: true }])(
    "shows the same problems in the same order with %j",
    async (options) => {
      const file = writeRows("order", PROBLEMS);
      const play: DatasetPlay = { class: "MathEnv", file, options, moves: COURSE };
      expect(await playOurs(play)).toEqual(
        await oracle.play({ ...play, options: { ...options, use_mp: false } }),
      );
    },
    WATCHDOG_MS,
  );

  it(
    "gives the same verdicts",
    async () => {
      const file = writeRows("verdicts", [
        { problem: "a", answer: "\\frac{1}{2}" },
        { problem: "b", answer: "1,000" },
        { problem: "c", answer: "x+1" },
        { problem: "d", answer: "\\boxed{7}" },
      ]);
      const replies = [
        "\\boxed{0.5}",
        "\\boxed{\\dfrac12}",
        "\\boxed{1000}",
        "\\boxed{1+x}",
        "\\boxed{7}",
        "7",
        "\\boxed{7} \\boxed {8}",
        "\\boxed{",
        "",
      ];
      const options = { seed: 1 };
      const moves = [0, 1, 2, 3].flatMap((idx): Move[] => [
        ["reset", null, idx],
        ...replies.map((reply): Move => ["step", reply]),
      ]);
      const play: DatasetPlay = { class: "MathEnv", file, options, moves };
      expect(await playOurs(play)).toEqual(
        await oracle.play({ ...play, options: { ...options, use_mp: false } }),
      );
    },
    WATCHDOG_MS,
  );
});

describe("QaEnv", () => {
  const ROWS: readonly Row[] = Array.from({ length: 7 }, (_, i) => ({
    question: `Who is ${i}?`,
    answer: [`The ${i}th`, `No. ${i}`],
  }));
  const REPLIES = ["<answer>the 3TH!</answer>", "<answer>no 4</answer>", "<answer></answer>"];

  it(
    "shows the same questions in the same order and gives the same verdicts",
    async () => {
      const file = writeRows("qa", ROWS);
      const course = COURSE.filter((move) => move[0] === "reset" && move[2] === null);
      const moves = course.flatMap((move): Move[] => [
        move,
        ...REPLIES.map((reply): Move => ["step", reply]),
      ]);
      for (const options of [{ seed: 0 }, { seed: 9 }]) {
        const play: DatasetPlay = { class: "QaEnv", file, options, moves };
        const [ours, theirs] = [await playOurs(play), await oracle.play(play)];
        expect(ours.map(comparable)).toEqual(theirs.map(comparable));
      }
    },
    WATCHDOG_MS,
  );

  /** Prompts are our own words, so questions are compared; info has the overlap of words, too. */
  function comparable(row: readonly unknown[]): unknown[] {
    const [observation, reward, ...rest] = row;
    const info = rest[2] as Record<string, unknown> | undefined;
    if (typeof reward === "number" && info !== undefined && "correct" in info)
      return [observation, reward, ...rest.slice(0, 2), info["correct"]];
    const question = /Who is \d\?/.exec(String(observation))?.[0];
    return [question, reward, ...rest];
  }
});

describe("CodeEnv", () => {
  const PROGRAMS = [
    "n = int(input())\nprint(2 * n)",
    "print(int(input()) * 2, end='  \\n\\n')",
    "print(input())",
    "n = int(input())\nprint(gcd(n, n) * 2)",
    "raise SystemExit(1)",
    "import sys\nn = int(input())\nprint(2 * n)\nsys.exit(0)",
    "...",
    "print(",
    "n = int(input())\nprint(2 * n)\nprint('warning', file=__import__('sys').stderr)",
  ];
  const REPLIES = [
    ...PROGRAMS.map((code) => `Thus:\n\`\`\`python\n${code}\n\`\`\``),
    "```py\nprint(1)\n```\n```\nprint(2 * int(input()))\n```",
    "```python \nprint(1)\n```",
    "print(1)",
  ];
  const tests = (count: number, wrongAt = -1): unknown => ({
    inputs: Array.from({ length: count }, (_, i) => `${i}${" ".repeat((i * 7) % 5)}\n`),
    outputs: Array.from({ length: count }, (_, i) => String(i === wrongAt ? -1 : 2 * i)),
  });

  it(
    "shows the same problems in the same order and gives the same rewards",
    async () => {
      const file = writeRows("taco", [
        { problem: "p0", tests: JSON.stringify(tests(3)) },
        {
          problem: "p1",
          tests: JSON.stringify({ inputs: [["3"], ["4"]], outputs: [["6"], ["8"]] }),
        },
        { problem: "p2", tests: JSON.stringify(tests(15, 0)) },
        { problem: "p3", tests: JSON.stringify(tests(2, 1)) },
      ]);
      const options = { seed: 3, sandbox_type: "none" };
      const course: Move[] = [...resets(6), ["reset", 7, null], ...resets(8)];
      const moves = course.flatMap((move, i): Move[] => [
        move,
        ...REPLIES.filter((_, j) => i < 4 || j === i).map((reply): Move => ["step", reply]),
      ]);
      const play: DatasetPlay = { class: "CodeEnv", file, options, moves };
      const theirs = await oracle.play({ ...play, options: { ...options, dataset_name: "taco" } });
      const ours = await playOurs(play);
      expect(ours.map(comparable)).toEqual(theirs.map(comparable));
    },
    WATCHDOG_MS,
  );

  /** Upstream's info is empty; its tests are parsed. */
  function comparable(row: readonly unknown[]): unknown[] {
    if (typeof row[2] === "boolean") return row.slice(0, 4);
    const [observation, info, place, epoch, judgedBy] = row;
    const parsed: unknown = typeof judgedBy === "string" ? JSON.parse(judgedBy) : judgedBy;
    return [observation, info, place, epoch, parsed];
  }
});
