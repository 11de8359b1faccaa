import { readFileSync } from "node:fs";

/** Attributes of a Sokoban environment that make up its state after a reset. */
export const ROOM_FIELDS = [
  "dim_room",
  "num_boxes",
  "max_turns",
  "num_gen_steps",
  "room_fixed",
  "room_state",
  "box_mapping",
  "player_position",
  "turn_count",
] as const;

/** The state of the reference implementation after a seeded reset. */
export interface RecordedRoom {
  readonly id: string;
  readonly seed: number;
  /** The next 32-bit output of the shared stream. */
  readonly rng: number;
  readonly state: Readonly<Record<string, unknown>>;
}

/** Rooms recorded by `record-rooms.ts`. */
export function recordedRooms(): readonly RecordedRoom[] {
  const text = readFileSync(new URL("../fixtures/sokoban-hard.json", import.meta.url), "utf8");
  return JSON.parse(text) as RecordedRoom[];
}
