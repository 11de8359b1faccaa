import { readFileSync } from "node:fs";
import { DIRECTIONS } from "../../src/envs/directions.ts";
import { box } from "./games/game-cases.ts";
import type { Row } from "./oracle.ts";
import type { Action } from "./run.ts";

const BOXES = DIRECTIONS.map(box);

/** Rows of tiles, null for the gap. */
type Board = readonly (readonly (number | null)[])[];

/** One step: the reply, and what came of it. */
type RecordedStep = readonly [
  /** A boxed direction is its index in `DIRECTIONS`. */
  action: string | number,
  /** The cell of the gap: a tile slid from there to where the gap was. */
  gap: number,
  /** 0 for a reward of 0 without an end. */
  outcome?: readonly [reward: number, terminated: boolean, truncated: boolean] | 0,
  /** The next output of the random stream, where it moved: the reply was a random action then. */
  rng?: number,
];

/** A whole run of the reference implementation, without what follows from the rest. */
export interface RecordedRun {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** The state after the reset. */
  readonly start: Readonly<Record<string, unknown>>;
  /** The next output of the random stream after the reset. */
  readonly rng: number;
  readonly steps: readonly RecordedStep[];
}

/** Runs recorded by `record-fifteen-puzzle.ts`. */
export function recordedPuzzles(): readonly RecordedRun[] {
  const text = readFileSync(new URL("../fixtures/fifteen-puzzle.json", import.meta.url), "utf8");
  return JSON.parse(text) as RecordedRun[];
}

/** What a run of rows keeps; `rowsOf` gives the rows back. */
export function recordedRun(
  id: string,
  options: Readonly<Record<string, unknown>>,
  seed: number,
  rows: readonly Row[],
): RecordedRun {
  const [reset, ...steps] = rows;
  if (reset === undefined) throw new Error("A run begins with a reset.");
  return {
    id,
    options,
    seed,
    start: reset.state,
    rng: reset.rng,
    steps: steps.map((row, i) => recordedStep(row, rows[i] ?? reset)),
  };
}

function recordedStep(row: Row, before: Row): RecordedStep {
  const isPlain = row.reward === 0 && row.terminated === false;
  const outcome = [row.reward ?? 0, row.terminated ?? false, row.truncated ?? false] as const;
  const index = BOXES.indexOf(row.action ?? "");
  const action = index === -1 ? (row.action ?? "") : index;
  const gap = boardOf(row.state).flat().indexOf(null);
  if (row.rng !== before.rng) return [action, gap, isPlain ? 0 : outcome, row.rng];
  return isPlain ? [action, gap] : [action, gap, outcome];
}

/** The rows of a recorded run. */
export function rowsOf(run: RecordedRun): Row[] {
  const tiles = boardOf(run.start).flat();
  const info = ["suffix"];
  const rows: Row[] = [
    {
      ...{ action: null, reward: null, terminated: null, truncated: null, info },
      ...{ state: run.start, board: drawn(run.start), rng: run.rng },
    },
  ];
  let last = run.rng;
  for (const [action, gap, outcome = 0, rng = last] of run.steps) {
    const slid = tiles[gap] ?? null;
    tiles[tiles.indexOf(null)] = slid;
    tiles[gap] = null;
    const [reward, terminated, truncated] = outcome === 0 ? [0, false, false] : outcome;
    const state = { ...run.start, board: inRows(tiles), turn_count: rows.length };
    rows.push({
      ...{ action: replyOf(action), reward, terminated, truncated, info },
      ...{ state, board: drawn(state), rng },
    });
    last = rng;
  }
  return rows;
}

/** The replies of a recorded run, 0 for the environment's own random actions. */
export function actionsOf(run: RecordedRun): Action[] {
  return run.steps.map(([action, , , rng]) => (rng === undefined ? replyOf(action) : 0));
}

function replyOf(action: string | number): string {
  return typeof action === "string" ? action : (BOXES[action] ?? "");
}

function boardOf(state: Readonly<Record<string, unknown>>): Board {
  return state["board"] as Board;
}

function inRows(tiles: readonly (number | null)[]): Board {
  const rows = Math.sqrt(tiles.length);
  return Array.from({ length: rows }, (_, row) => tiles.slice(row * rows, (row + 1) * rows));
}

/** The board as the reference implementation draws it. */
function drawn(state: Readonly<Record<string, unknown>>): string {
  return boardOf(state)
    .map((row) => `${row.map((tile) => String(tile ?? "__").padStart(2)).join(" ")}\n`)
    .join("");
}
