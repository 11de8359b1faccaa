import type { Work } from "../../../core/host.ts";
import type { PythonRandom } from "../../../random/python-random.ts";
import { DIRECTIONS, type Direction } from "../../directions.ts";
import { GAP, goalBoard, isUnsolvable, slide, sliding, type Board } from "./board.ts";

const OPPOSITE: Readonly<Record<Direction, Direction>> = {
  up: "down",
  down: "up",
  left: "right",
  right: "left",
};

/** Moves between two interruptions, about 100 µs of work. */
const MOVES_PER_SLICE = 256;

/** Walks from the goal by random moves, none of which takes the one before it back. */
export function* walkFromGoal(random: PythonRandom, rows: number, moves: number): Work<Board> {
  const board = goalBoard(rows);
  let gap = board.indexOf(GAP);
  let last: Direction | undefined;
  for (let move = 0; move < moves; move++) {
    if (move % MOVES_PER_SLICE === MOVES_PER_SLICE - 1) yield;
    const back = last && OPPOSITE[last];
    const possible = DIRECTIONS.filter(
      (direction) => direction !== back && sliding(rows, gap, direction) !== undefined,
    );
    // Upstream quirk Q25: a move without an alternative is drawn too; such a draw consumes bits until one is 0.
    last = random.choice(possible);
    const cell = sliding(rows, gap, last) ?? gap;
    slide(board, gap, cell);
    gap = cell;
  }
  return board;
}

/** Deals the tiles and the gap at random; a deal that cannot be solved has two random tiles swapped. */
export function deal(random: PythonRandom, rows: number): Board {
  const board = goalBoard(rows);
  random.shuffle(board);
  if (!isUnsolvable(board)) return board;
  const tiles = board.filter((tile) => tile !== GAP);
  const [a = GAP, b = GAP] = random.sample(tiles, 2);
  return board.map((tile) => (tile === a ? b : tile === b ? a : tile));
}
