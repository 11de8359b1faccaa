import { BoxSets, type Boxes } from "./box-sets.ts";

// Upstream quirk Q10: the search stops at these limits, and a box that was ever pulled is another than one that was not.
/** The first call's budget; each call takes one off and gives the rest on, and one left is none. */
const DEPTH_BUDGET = 300;
const MAX_STATES = 300_000;

/** A position so deep that no call from it does anything. */
const LAST_DEPTH = DEPTH_BUDGET - 2;

const FREE = -1;
const WALL = -2;
const NO_BOX = -1;
const DIRECTIONS = 4;

/** A room in which every target has a box, as one array of cells, row by row. */
export interface SolvedRoom {
  readonly columns: number;
  /** 1 for each wall cell, else 0. */
  readonly walls: Uint8Array;
  /** The cell of each target, which is also the cell of the box that belongs to it. */
  readonly targets: readonly number[];
  readonly player: number;
}

/** The best position of a search. */
export interface BestPosition {
  /** Pulls times the boxes' distances from their targets; 0 while a target is covered. */
  readonly score: number;
  readonly player: number;
  /** The cell of each target's box. */
  readonly boxes: Int32Array;
}

/**
 * Plays Sokoban backwards from a solved room, depth first, and remembers the position that is hardest to solve.
 *
 * A position is visited once. Walking away from a box always pulls it along. The search is one long loop over an explicit
 * stack, so that it can be run in slices; its buffers are kept from one room to the next.
 */
export class ReversePlay {
  readonly #columns: number;
  readonly #sets: BoxSets;
  readonly #boxes: Boxes;
  readonly #isTarget: Uint8Array;
  readonly #targets: Int32Array;
  readonly #best: Int32Array;
  #bestScore = -1;
  #bestPlayer = 0;
  #states = 0;
  #depth = 0;
  // The stack: what holds at each depth, and what the move that led there did.
  readonly #next = new Uint8Array(DEPTH_BUDGET);
  readonly #player = new Int32Array(DEPTH_BUDGET);
  readonly #movedBox = new Int32Array(DEPTH_BUDGET);
  readonly #wasPulled = new Uint8Array(DEPTH_BUDGET);
  readonly #set = new Int32Array(DEPTH_BUDGET);
  readonly #hash = new Int32Array(DEPTH_BUDGET);
  readonly #pulls = new Int32Array(DEPTH_BUDGET);
  readonly #distance = new Int32Array(DEPTH_BUDGET);
  readonly #covered = new Int32Array(DEPTH_BUDGET);

  /** For rooms of one size with one number of boxes. */
  constructor(cells: number, columns: number, boxes: number) {
    this.#columns = columns;
    this.#sets = new BoxSets(boxes, cells);
    this.#boxes = {
      at: new Int32Array(cells),
      cell: new Int32Array(boxes),
      pulled: new Uint8Array(boxes),
    };
    this.#isTarget = new Uint8Array(cells);
    this.#targets = new Int32Array(boxes);
    this.#best = new Int32Array(boxes);
  }

  /** Begins a search. */
  start(room: SolvedRoom): void {
    const { at, cell, pulled } = this.#boxes;
    this.#isTarget.fill(0);
    this.#targets.set(room.targets);
    room.walls.forEach((wall, index) => (at[index] = wall === 1 ? WALL : FREE));
    cell.set(room.targets);
    pulled.fill(0);
    let hash = 0;
    room.targets.forEach((target, box) => {
      at[target] = box;
      this.#isTarget[target] = 1;
      hash ^= this.#sets.code(target, 0);
    });
    this.#sets.clear();
    this.#bestScore = -1;
    this.#states = 0;
    this.#depth = 0;
    this.#player[0] = room.player;
    this.#movedBox[0] = NO_BOX;
    this.#pulls[0] = 0;
    this.#distance[0] = 0;
    this.#covered[0] = room.targets.length;
    this.#hash[0] = hash;
    this.#set[0] = this.#sets.number(this.#boxes, hash);
    this.#sets.visit(this.#set[0], room.player);
    this.#record(0);
  }

  /** Tries up to `moves` moves; true when the search is over. */
  advance(moves: number): boolean {
    const steps = [-this.#columns, this.#columns, -1, 1];
    for (let left = moves; left > 0; left--) {
      const depth = this.#depth;
      const direction = this.#next[depth] ?? 0;
      if (direction === DIRECTIONS) {
        if (depth === 0) return true;
        this.#takeBack(depth);
        this.#depth = depth - 1;
        continue;
      }
      this.#next[depth] = direction + 1;
      if (!this.#move(depth, steps[direction] ?? 0)) continue;
      this.#depth = depth + 1;
      this.#record(depth + 1);
      if (this.#states >= MAX_STATES) return true;
    }
    return false;
  }

  /** The best position so far: the first of those with the highest score. */
  best(): BestPosition {
    return { score: this.#bestScore, player: this.#bestPlayer, boxes: this.#best };
  }

  /** Makes a move from the position at `depth`; false, with nothing changed, when it is blocked or leads nowhere new. */
  #move(depth: number, step: number): boolean {
    const { at } = this.#boxes;
    const from = this.#player[depth] ?? 0;
    const to = from + step;
    if (at[to] !== FREE) return false;
    const box = at[from - step] ?? FREE;
    const next = depth + 1;
    if (box >= 0) this.#pull(depth, box, from - step, from);
    else this.#walk(depth);
    this.#player[next] = to;
    if (!this.#sets.visit(this.#set[next] ?? 0, to)) {
      this.#takeBack(next);
      return false;
    }
    const covered = this.#covered[next] ?? 0;
    this.#covered[next] = covered + (this.#isTarget[to] ?? 0) - (this.#isTarget[from] ?? 0);
    return true;
  }

  /** The position at `depth` + 1 when the player only walks; the player's cell is still to be counted. */
  #walk(depth: number): void {
    const next = depth + 1;
    this.#movedBox[next] = NO_BOX;
    this.#set[next] = this.#set[depth] ?? 0;
    this.#hash[next] = this.#hash[depth] ?? 0;
    this.#pulls[next] = this.#pulls[depth] ?? 0;
    this.#distance[next] = this.#distance[depth] ?? 0;
    this.#covered[next] = this.#covered[depth] ?? 0;
  }

  /** The position at `depth` + 1 when a box is pulled. */
  #pull(depth: number, box: number, from: number, to: number): void {
    const { at, cell, pulled } = this.#boxes;
    const next = depth + 1;
    const wasPulled = pulled[box] ?? 0;
    at[from] = FREE;
    at[to] = box;
    cell[box] = to;
    pulled[box] = 1;
    const hash =
      (this.#hash[depth] ?? 0) ^ this.#sets.code(from, wasPulled) ^ this.#sets.code(to, 1);
    const target = this.#targets[box] ?? 0;
    this.#movedBox[next] = box;
    this.#wasPulled[next] = wasPulled;
    this.#hash[next] = hash;
    this.#set[next] = this.#sets.number(this.#boxes, hash);
    // Upstream quirk Q08: every pull counts, not every change from one box to another.
    this.#pulls[next] = (this.#pulls[depth] ?? 0) + 1;
    this.#distance[next] =
      (this.#distance[depth] ?? 0) + this.#between(to, target) - this.#between(from, target);
    this.#covered[next] =
      (this.#covered[depth] ?? 0) + (this.#isTarget[to] ?? 0) - (this.#isTarget[from] ?? 0);
  }

  /** Undoes the move that led to `depth`. */
  #takeBack(depth: number): void {
    const box = this.#movedBox[depth] ?? NO_BOX;
    if (box < 0) return;
    const { at, cell, pulled } = this.#boxes;
    const now = this.#player[depth - 1] ?? 0;
    const before = 2 * now - (this.#player[depth] ?? 0);
    at[now] = FREE;
    at[before] = box;
    cell[box] = before;
    pulled[box] = this.#wasPulled[depth] ?? 0;
  }

  /** Counts the new position at `depth` and keeps it when it is the best so far. */
  #record(depth: number): void {
    this.#states += 1;
    this.#next[depth] = depth < LAST_DEPTH ? 0 : DIRECTIONS;
    const covered = this.#covered[depth] ?? 0;
    const score = covered === 0 ? (this.#pulls[depth] ?? 0) * (this.#distance[depth] ?? 0) : 0;
    if (score <= this.#bestScore) return;
    this.#bestScore = score;
    this.#bestPlayer = this.#player[depth] ?? 0;
    this.#best.set(this.#boxes.cell);
  }

  /** Steps between two cells, ignoring walls. */
  #between(a: number, b: number): number {
    const columns = this.#columns;
    const rows = Math.abs(Math.trunc(a / columns) - Math.trunc(b / columns));
    return rows + Math.abs((a % columns) - (b % columns));
  }
}
