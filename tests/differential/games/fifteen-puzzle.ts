import { DIRECTIONS, DIRECTION_STEPS, type Direction } from "../../../src/envs/directions.ts";
import { box, type GameCases } from "./game-cases.ts";

/** Rows of tiles, null for the gap. */
type Board = readonly (readonly (number | null)[])[];

/** The fifteen puzzle, which gem-llm 0.1.0 plays by older rules; `fifteen-puzzle.test.ts` compares it with recorded runs. */
export const fifteenPuzzle: GameCases = {
  game: "FifteenPuzzle",
  cases: [
    ["game:FifteenPuzzle-v0-random", {}, 40],
    ["game:FifteenPuzzle-v0-easy", {}, 40],
    ["game:FifteenPuzzle-v0-hard", {}, 40],
    ["game:FifteenPuzzle-v0-random", { init_algo: "pure_random" }, 40],
    ["game:FifteenPuzzle-v0-easy", { num_rows: 3, init_algo: "pure_random", max_turns: 12 }, 40],
    ["game:FifteenPuzzle-v0-easy", { num_rows: 3, mc_rand_moves: 7 }, 40],
    ["game:FifteenPuzzle-v0-easy", { mc_rand_moves: 3, max_turns: 5 }, 40],
    ["game:FifteenPuzzle-v0-hard", { num_rows: 5, mc_rand_moves: 6, max_turns: 8 }, 40],
  ],
  mixed(_state, dice) {
    const direction = dice.pick(DIRECTIONS);
    const kind = dice.below(12);
    if (kind === 0) return box(direction.toUpperCase());
    if (kind === 1)
      return `\\boxed{${dice.pick(DIRECTIONS)}} no, \\boxed{${direction}} \\boxed{Up}`;
    return box(direction);
  },
  winning: (state) => {
    const direction = firstMove(state["board"] as Board);
    return direction === undefined ? undefined : box(direction);
  },
  meets: ["all terminated", "some terminated truncated"],
  sampler: "unreadable",
  judged: {
    "game:FifteenPuzzle-v0-random": {
      id: "game:FifteenPuzzle-v0-easy",
      kwargs: { num_rows: 2, max_turns: 10 },
      draws: true,
    },
  },
};

/** Boards that the search looks at before it gives up. */
const MAX_BOARDS = 3000;

/** The first move of a shortest way to the goal, or undefined when there is none near or the board is the goal. */
function firstMove(board: Board): Direction | undefined {
  const start = board.flat();
  const rows = board.length;
  const queue: { readonly tiles: typeof start; readonly first: Direction | undefined }[] = [
    { tiles: start, first: undefined },
  ];
  const seen = new Set([start.join()]);
  for (const { tiles, first } of queue) {
    if (tiles.every((tile, cell) => tile === (cell === tiles.length - 1 ? null : cell + 1))) {
      return first;
    }
    if (queue.length > MAX_BOARDS) return undefined;
    for (const direction of DIRECTIONS) {
      const next = after(tiles, rows, direction);
      if (next === undefined || seen.has(next.join())) continue;
      seen.add(next.join());
      queue.push({ tiles: next, first: first ?? direction });
    }
  }
  return undefined;
}

/** The tiles after one beside the gap slides in a direction, or undefined when none can. */
function after(
  tiles: readonly (number | null)[],
  rows: number,
  direction: Direction,
): (number | null)[] | undefined {
  const [down, right] = DIRECTION_STEPS[direction];
  const gap = tiles.indexOf(null);
  const [row, column] = [Math.floor(gap / rows) - down, (gap % rows) - right];
  if (row < 0 || row >= rows || column < 0 || column >= rows) return undefined;
  const from = row * rows + column;
  return tiles.with(gap, tiles[from] ?? null).with(from, null);
}
