import { describe, expect, it } from "vitest";
import { gymnasium } from "../../../../src/envs/gymnasium/index.ts";
import { TOY_TEXT } from "../../../../src/envs/gymnasium/toy-text.ts";
import { make, makeVec, spawn } from "../../../../src/make.ts";
import { digest, play, playOn } from "../../../fixtures/trajectory.ts";

const IDS = gymnasium.flatMap((family) => Object.keys(family.variants));
const TIMEOUT_MS = 60_000;

function describeWith(name: string, values: unknown, picture: string | null = null): string {
  const kind = TOY_TEXT.find((toy) => toy.name === name);
  return kind?.describe({ values, picture }) ?? "";
}

describe("the ids", () => {
  it("are Gymnasium's with gym: before them", () => {
    expect(IDS).toEqual([
      "gym:FrozenLake-v1",
      "gym:FrozenLake8x8-v1",
      "gym:CliffWalking-v1",
      "gym:CliffWalkingSlippery-v1",
      "gym:Taxi-v4",
      "gym:Blackjack-v1",
      "gym:CartPole-v0",
      "gym:CartPole-v1",
      "gym:MountainCar-v0",
      "gym:Acrobot-v1",
    ]);
  });
});

describe("what numbers mean", () => {
  it("is said of a lake with the player in it", () => {
    expect(describeWith("FrozenLake", 6, "  (Left)\nSFFF\nFHFH\nFFFH\nHFFG\n")).toBe(
      "You are at row 1, column 2, on F.\nSFFF\nFHPH\nFFFH\nHFFG",
    );
  });

  it("is said of a taxi: row, column, passenger and target from one number", () => {
    // ((row 3 * 5 + column 1) * 5 + passenger 4) * 4 + target 2
    expect(describeWith("Taxi", 338, "+-+\n|R|\n+-+\n  (South)\n")).toBe(
      "The taxi is at row 3, column 1. The passenger is in the taxi and wants to go to Y (row 4, column 0).\n+-+\n|R|\n+-+",
    );
    expect(describeWith("Taxi", 328)).toContain("The passenger waits at Y (row 4, column 0) and");
  });

  it("is said of cards", () => {
    expect(describeWith("Blackjack", [20, 1, 1])).toBe(
      "Your cards sum to 20, with an ace that counts 11. The dealer shows an ace.",
    );
  });
});

describe("an environment", { timeout: TIMEOUT_MS }, () => {
  const moves = ["down", "\\boxed{DOWN}", "\\boxed{ 1 }", "\\boxed{East}", "\\boxed{south}"];

  it("takes an action's number or name from the last box with one, in any case of letters", async () => {
    const env = make("gym:FrozenLake-v1", { is_slippery: false });
    const [rules] = await env.reset(1);
    expect(rules).toContain("0 (left), 1 (down), 2 (right), 3 (up)");
    expect(rules).toContain("You are at row 0, column 0, on S.\nPFFF\nFHFH\nFFFH\nHFFG");
    for (const move of moves.slice(1)) {
      expect((await env.step(move)).slice(1, 4)).toEqual([0, false, false]);
    }
    await env.step("left? \\boxed{left} no, \\boxed{right}");
    const [shown, reward, terminated, truncated] = await env.step("\\boxed{2}");
    expect(shown).toBe("Reward: 1.\nYou are at row 3, column 3, on G.\nSFFF\nFHFH\nFFFH\nHFFP");
    expect([reward, terminated, truncated]).toEqual([1, true, false]);
    await env.close();
  });

  it("ends with -0.1 at a reply without an action, and has not moved", async () => {
    const env = make("gym:FrozenLake-v1", { is_slippery: false });
    await env.reset(1);
    for (const reply of ["down", "\\boxed{4}", "\\boxed{}", "\\boxed{jump}", "", null]) {
      const [text, ...rest] = await env.step(reply);
      expect(text).toContain("There is no action in \\boxed{} in your reply.");
      expect(rest).toEqual([-0.1, true, false, {}]);
    }
    const [shown] = await env.step("\\boxed{down}");
    expect(shown).toContain("row 1, column 0");
    await env.close();
  });

  it("is truncated by its limit of steps", async () => {
    const env = make("gym:CliffWalking-v1", { max_episode_steps: 2 });
    await env.reset(1);
    expect((await env.step("\\boxed{up}")).slice(1, 4)).toEqual([-1, false, false]);
    expect((await env.step("\\boxed{up}")).slice(1, 4)).toEqual([-1, false, true]);
    await env.close();
  });

  it("needs a reset before a reply, whatever the reply", async () => {
    const env = make("gym:Taxi-v4");
    for (const reply of ["nothing", "\\boxed{north}"]) {
      await expect(env.step(reply)).rejects.toMatchObject({ code: "GEM_RESET_NEEDED" });
    }
    await env.close();
    await expect(env.step("nothing")).rejects.toMatchObject({ code: "GEM_CLOSED" });
  });

  it("refuses options that it does not have", () => {
    expect(() => make("gym:Taxi-v4", { is_rany: true })).toThrow(/"is_rainy"/);
    expect(() => make("gym:FrozenLake-v1", { map_name: "9x9" })).toThrow(/"4x4" or "8x8"/);
  });
});

describe("every environment", () => {
  it.each(IDS)(
    "%s goes the same way alone, in a vector and in a copy",
    { timeout: TIMEOUT_MS },
    async (id) => {
      const alone = make(id);
      const log = await play(alone, 5, 12);
      const vector = makeVec([id, "gym:Blackjack-v1"], { seed: 1 });
      const [member, neighbour] = vector.envs;
      if (member === undefined || neighbour === undefined) throw new Error("a vector of two");
      const [beside] = await Promise.all([play(member, 5, 12), play(neighbour, 3, 12)]);
      expect(digest(beside)).toBe(digest(log));
      const copy = await spawn(alone, true);
      expect(digest(await playOn(copy, 12, 8))).toBe(digest(await playOn(alone, 12, 8)));
      await Promise.all([alone.close(), copy.close(), vector.close()]);
    },
  );
});
