import { describe, expect, it } from "vitest";
import { inlineHost } from "../../../../../src/core/host.ts";
import { generateRoom } from "../../../../../src/envs/games/sokoban/generate-room.ts";
import type { Room } from "../../../../../src/envs/games/sokoban/room.ts";
import { isGemError } from "../../../../../src/errors.ts";

const EASY = { rows: 6, columns: 6, boxes: 2, steps: 20 };
const HARD = { rows: 8, columns: 8, boxes: 4, steps: 27 };

function generate(plan: typeof EASY, seed: bigint): Room {
  const room = inlineHost.run(generateRoom(plan, seed));
  if (room instanceof Promise) throw new Error("The inline host answers at once.");
  return room;
}

function count(rows: readonly (readonly number[])[], code: number): number {
  return rows.flat().filter((cell) => cell === code).length;
}

describe("generateRoom", () => {
  it("gives upstream's easy room of seed 42", () => {
    const room = generate(EASY, 42n);
    expect(room.state.map((row) => row.join("")).join("/")).toBe(
      "000000/011110/014220/010410/011510/000000",
    );
    expect(room.player).toEqual([4, 3]);
    expect(room.boxMapping).toEqual([
      [
        [2, 3],
        [3, 3],
      ],
      [
        [2, 4],
        [2, 2],
      ],
    ]);
  });

  it("gives upstream's hard room of seed 42", () => {
    expect(
      generate(HARD, 42n)
        .state.map((row) => row.join(""))
        .join("/"),
    ).toBe("00000000/00121100/00141110/00111210/00111110/00144210/00125410/00000000");
  });

  it("puts one player and as many boxes as targets, none of them on a target", () => {
    for (let seed = 0n; seed < 30n; seed++) {
      const { fixed, state, boxMapping } = generate(EASY, seed);
      expect([0, 1, 2, 3, 4, 5].map((code) => count(state, code)).slice(3)).toEqual([0, 2, 1]);
      expect(count(fixed, 2)).toBe(2);
      expect(boxMapping.map(([[r, c]]) => fixed[r]?.[c])).toEqual([2, 2]);
      expect(boxMapping.map(([, [r, c]]) => state[r]?.[c])).toEqual([4, 4]);
    }
  });

  it("takes seeds beyond 64 bits", () => {
    const seed = 2n ** 128n - 1n;
    expect(generate(EASY, seed)).toEqual(generate(EASY, seed));
    expect(generate(EASY, seed)).not.toEqual(generate(EASY, seed - 1n));
  });

  it("gives each of two interleaved generations its own room", () => {
    const works = [generateRoom(HARD, 3n), generateRoom(HARD, 4n)];
    const rooms: (Room | undefined)[] = [undefined, undefined];
    while (rooms.includes(undefined)) {
      works.forEach((work, i) => {
        const next = rooms[i] === undefined ? work.next() : undefined;
        if (next?.done === true) rooms[i] = next.value;
      });
    }
    expect(rooms).toEqual([generate(HARD, 3n), generate(HARD, 4n)]);
  });

  it("fails with a fault when there is no such room", () => {
    const impossible = { rows: 4, columns: 4, boxes: 3, steps: 13 };
    let failure: unknown;
    try {
      generate(impossible, 0n);
    } catch (error) {
      failure = error;
    }
    expect(isGemError(failure) && failure.code).toBe("GEM_ENV_FAULT");
    expect(String(failure)).toMatch(/4x4.*3 boxes.*larger dim_room/);
  });
});
