/**
 * Sokoban: push every box of a walled room onto a target.
 *
 * Action       last `\boxed{d}` in the reply, d one of up, down, left, right in any case; anything else is a format error
 * Observation  English text; reset gives the rules, a step what happened; the suffix holds the board
 * Reward       all boxes on targets 1 · any other move 0 · format error -0.1 · last turn: share of boxes on targets
 * Ends         terminated: solved, format error, out of turns; truncated: out of turns
 * Randomness   reset: [dim_room, num_boxes, max_turns when one is null], the example in the rules; the room from generators of its own
 * Source       gem-llm game:Sokoban, behaviour in docs/parity.md
 */
import { z } from "zod";
import { GAME_REWARD } from "../../../core/constants.ts";
import type { ResetResult } from "../../../core/env.ts";
import { defineFamily, type Family } from "../../../core/family.ts";
import { chain, type MaybePromise } from "../../../core/maybe-promise.ts";
import type { OptionValues } from "../../../core/options.ts";
import { Prompts } from "../../../core/prompts.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { Tuple } from "../../../protocol/values.ts";
import { SeedSequence } from "../../../random/seed-sequence.ts";
import { integerView, matrixView, tupleView, vectorView } from "../../attribute-views.ts";
import {
  DIRECTIONS,
  DIRECTION_STEPS,
  lastBoxedDirection,
  type Direction,
} from "../../directions.ts";
import { GameEnv, type Outcome, type PromptNames, type TurnState } from "../../game-env.ts";
import type { Picture } from "../../picture.ts";
import { generateRoom } from "./generate-room.ts";
import { CELL, pictureOf, renderRoom, type Cell, type Room } from "./room.ts";

const side = z.int().min(4).max(32);

// Differs from upstream D03: options that no game can be played with are refused when the environment is made.
const OPTIONS = {
  dim_room: z
    .preprocess(
      (value) => (value instanceof Tuple ? value.items : value),
      z.tuple([side, side]).nullable(),
    )
    .default([6, 6])
    .describe("[rows, columns], each from 4 to 32, or null to draw it at each reset"),
  max_turns: z
    .int()
    .min(1)
    .nullable()
    .default(100)
    .describe("a positive integer, or null to draw it at each reset"),
  num_boxes: z
    .int()
    .min(1)
    .max(20)
    .nullable()
    .default(3)
    .describe("an integer from 1 to 20, or null to draw it at each reset"),
};

const PROMPTS = Prompts.define({
  rules:
    "Play Sokoban: push all {num_boxes} boxes onto targets within {max_turns} turns.\n" +
    "You move one cell up, down, left or right. Walking into a box pushes it one cell further, if that cell is free of walls and " +
    "boxes; boxes cannot be pulled. A blocked move still takes a turn.\n" +
    "Cells: P you, X box, O target, √ box on a target, # wall, _ floor.\n" +
    "Solving the room earns 1 and ends the game. If no turn is left, you earn the share of boxes on targets. " +
    "A reply without a valid answer loses 0.1 and ends the game.\n" +
    "Answer with one direction in \\boxed{{}}, for example {example}.",
  suffix: "Room:\n{board}\nYour move?",
  moved: "Turn {turn_count} of {max_turns}: you moved {direction}.",
  pushed: "Turn {turn_count} of {max_turns}: you moved {direction} and pushed a box.",
  blocked: "Turn {turn_count} of {max_turns}: you cannot move {direction}, the way is blocked.",
  solved: "Turn {turn_count} of {max_turns}: all boxes are on targets. You win.",
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer such as \\boxed{{left}} in your reply. The game is over.",
  out_of_turns: "{observation} No turn is left: {on_targets} of {num_boxes} boxes are on targets.",
});

type SokobanOptions = OptionValues<typeof OPTIONS>;

interface SokobanState extends TurnState {
  dim_room: readonly [rows: number, columns: number];
  num_boxes: number;
  /** Steps of the walk that carves a room. */
  num_gen_steps: number;
  /** Walls, floor and targets, as `CELL` says. */
  room_fixed: number[][];
  /** The same with boxes and player. */
  room_state: number[][];
  /** Each target, row by row, and the box that was pulled away from it. */
  box_mapping: readonly (readonly [target: Cell, box: Cell])[];
  player_position: Cell;
}

type Goal = Pick<SokobanState, "dim_room" | "num_boxes" | "max_turns">;

/** What null options are drawn from. */
const DRAWN_GOALS: readonly Goal[] = [
  { dim_room: [6, 6], num_boxes: 2, max_turns: 20 },
  { dim_room: [8, 8], num_boxes: 5, max_turns: 50 },
];

const boxMappingView: AttributeView = {
  read: (stored: SokobanState["box_mapping"]) =>
    new Map(stored.map(([target, box]) => [new Tuple([...target]), new Tuple([...box])])),
};

const dimensions = (state: SokobanState): SokobanState["dim_room"] => state.dim_room;

const VIEWS: Readonly<Record<string, AttributeView>> = {
  dim_room: tupleView,
  num_boxes: integerView({ min: 1 }),
  max_turns: integerView({ min: 1 }),
  num_gen_steps: integerView({ min: 0 }),
  room_fixed: matrixView(dimensions, { min: CELL.wall, max: CELL.target }),
  room_state: matrixView(dimensions, { min: CELL.wall, max: CELL.player }),
  box_mapping: boxMappingView,
  player_position: vectorView(2, { min: 0 }),
  turn_count: integerView({ min: 0 }),
};

class SokobanEnv extends GameEnv<
  SokobanOptions,
  SokobanState,
  Direction,
  PromptNames<typeof PROMPTS>
> {
  protected override state: SokobanState = {
    dim_room: this.options.dim_room ?? [0, 0],
    num_boxes: this.options.num_boxes ?? 0,
    max_turns: this.options.max_turns ?? 1,
    num_gen_steps: walkSteps(this.options.dim_room ?? [0, 0]),
    room_fixed: [],
    room_state: [],
    box_mapping: [],
    player_position: [0, 0],
    turn_count: 0,
  };

  protected override onReset(): MaybePromise<ResetResult> {
    const goal = this.#drawGoal();
    const [rows, columns] = goal.dim_room;
    const steps = walkSteps(goal.dim_room);
    const plan = { rows, columns, boxes: goal.num_boxes, steps };
    return chain(this.host.run(generateRoom(plan, this.#roomSeed())), (room) =>
      this.#begin(goal, room),
    );
  }

  #begin(goal: Goal, room: Room): ResetResult {
    this.state = {
      ...goal,
      num_gen_steps: walkSteps(goal.dim_room),
      room_fixed: room.fixed,
      room_state: room.state,
      box_mapping: room.boxMapping,
      player_position: room.player,
      turn_count: 0,
    };
    // Upstream quirk Q04: the rules' example is drawn from the same stream as the game.
    const example = this.drawAction();
    const { num_boxes, max_turns } = goal;
    return [this.prompts.render("rules", { num_boxes, max_turns, example }), this.suffixInfo()];
  }

  protected override readMove(reply: string): Direction | undefined {
    return lastBoxedDirection(reply);
  }

  protected override play(direction: Direction): Outcome {
    const { player_position: from, num_boxes } = this.state;
    const [down, right] = DIRECTION_STEPS[direction];
    const to: Cell = [from[0] + down, from[1] + right];
    const beyond: Cell = [to[0] + down, to[1] + right];
    const isPush = isBox(this.#at(to));
    if (!isFree(this.#at(isPush ? beyond : to))) {
      return this.#outcome("blocked", direction, GAME_REWARD.invalidAction);
    }
    if (isPush) this.#put(beyond, this.#isTarget(beyond) ? CELL.boxOnTarget : CELL.box);
    this.#put(to, CELL.player);
    this.#put(from, this.#isTarget(from) ? CELL.target : CELL.floor);
    this.state.player_position = to;
    if (this.#boxesOnTargets() === num_boxes) {
      return this.#outcome("solved", direction, GAME_REWARD.success, true);
    }
    return this.#outcome(isPush ? "pushed" : "moved", direction, GAME_REWARD.internalStep);
  }

  protected override runOutOfTurns(_direction: Direction, { observation }: Outcome): Outcome {
    const { num_boxes } = this.state;
    const on_targets = this.#boxesOnTargets();
    const text = this.prompts.render("out_of_turns", { observation, on_targets, num_boxes });
    return { observation: text, reward: on_targets / num_boxes, ended: true };
  }

  protected override formatErrorText(): string {
    const { turn_count, max_turns } = this.state;
    return this.prompts.render("format_error", { turn_count, max_turns });
  }

  protected override taskSuffix(): string {
    return this.prompts.render("suffix", { board: renderRoom(this.state.room_state) });
  }

  protected override picture(): Picture {
    return pictureOf(this.state.room_state);
  }

  protected override drawAction(): string {
    return `\\boxed{${this.random.choice(DIRECTIONS)}}`;
  }

  protected override attributeViews(): Readonly<Record<string, AttributeView>> {
    return VIEWS;
  }

  #drawGoal(): Goal {
    const { dim_room, num_boxes, max_turns } = this.options;
    if (dim_room !== null && num_boxes !== null && max_turns !== null) {
      return { dim_room, num_boxes, max_turns };
    }
    // Differs from upstream D06: dim_room may be null too; there that fails.
    // Upstream quirk Q06: one null makes all three drawn, also those that were given.
    return this.random.choice(DRAWN_GOALS);
  }

  /**
   * What the room's generators start from: the seed, or after a reset without one a number that only the last seed and the
   * count of resets since then decide.
   *
   * Differs from upstream D04: rooms of unseeded resets come from the operating system there and cannot be replayed.
   */
  #roomSeed(): bigint {
    const { seed, resets } = this.stream;
    if (resets === 0) return seed;
    const seedBits = BigInt(32 * Math.ceil(seed.toString(16).length / 8));
    const [low = 0, high = 0] = new SeedSequence(seed + (BigInt(resets) << seedBits)).generateState(
      2,
    );
    return (BigInt(high) << 32n) + BigInt(low);
  }

  #at([row, column]: Cell): number {
    return this.state.room_state[row]?.[column] ?? CELL.wall;
  }

  #isTarget([row, column]: Cell): boolean {
    return this.state.room_fixed[row]?.[column] === CELL.target;
  }

  #put([row, column]: Cell, value: number): void {
    const cells = this.state.room_state[row];
    if (cells?.[column] !== undefined) cells[column] = value;
  }

  #boxesOnTargets(): number {
    let count = 0;
    for (const row of this.state.room_state) {
      for (const cell of row) if (cell === CELL.boxOnTarget) count += 1;
    }
    return count;
  }

  #outcome(
    name: PromptNames<typeof PROMPTS>,
    direction: Direction,
    reward: number,
    ended = false,
  ): Outcome {
    const { turn_count, max_turns } = this.state;
    return {
      observation: this.prompts.render(name, { turn_count, max_turns, direction }),
      reward,
      ended,
    };
  }
}

function isBox(cell: number): boolean {
  return cell === CELL.box || cell === CELL.boxOnTarget;
}

function isFree(cell: number): boolean {
  return cell === CELL.floor || cell === CELL.target;
}

function walkSteps([rows, columns]: readonly [rows: number, columns: number]): number {
  return Math.floor(1.7 * (rows + columns));
}

/** Sokoban. */
export const sokoban: Family = defineFamily({
  className: "SokobanEnv",
  options: OPTIONS,
  prompts: PROMPTS,
  variants: {
    "game:Sokoban-v0-easy": { dim_room: [6, 6], num_boxes: 2, max_turns: 20 },
    "game:Sokoban-v0-hard": { dim_room: [8, 8], num_boxes: 4, max_turns: 50 },
    "game:Sokoban-v0-random": { num_boxes: null, max_turns: null },
  },
  // Differs from upstream D07: an id without a level, for the easy one.
  aliases: { "game:Sokoban-v0": "game:Sokoban-v0-easy" },
  create: (init) => new SokobanEnv(init),
});
