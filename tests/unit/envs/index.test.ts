import { describe, expect, it } from "vitest";
import { families } from "../../../src/envs/index.ts";

describe("families", () => {
  it("hold the games in upstream's order of registration", () => {
    expect(families.flatMap((family) => Object.keys(family.variants))).toEqual([
      "game:GuessTheNumber-v0-hard",
      "game:GuessTheNumber-v0-easy",
      "game:GuessTheNumber-v0-random",
      "game:GuessTheNumber-v0",
      "game:Game2048-v0-easy",
      "game:Game2048-v0-hard",
      "game:Game2048-v0-extreme-hard",
      "game:Game2048-v0-random",
      "game:Sokoban-v0-easy",
      "game:Sokoban-v0-hard",
      "game:Sokoban-v0-random",
    ]);
  });

  it("give the games without a level their easy one", () => {
    expect(Object.assign({}, ...families.map((family) => family.aliases))).toEqual({
      "game:Game2048-v0": "game:Game2048-v0-easy",
      "game:Sokoban-v0": "game:Sokoban-v0-easy",
    });
  });
});
