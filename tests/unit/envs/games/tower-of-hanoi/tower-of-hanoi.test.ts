import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, EnvSnapshot } from "../../../../../src/core/env.ts";
import { towerOfHanoi } from "../../../../../src/envs/games/tower-of-hanoi/tower-of-hanoi.ts";
import { decode, encode } from "../../../../../src/protocol/codec.ts";
import { makeEnv, nextOutput, observe, outcome, sample, step, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";

const EASY = "game:TowerofHanoi-v0-easy";
const GO_ON = [0, false, false];
const FORMAT_ERROR = [-0.1, true, false];
const SOLUTION = ["AC", "AB", "CB", "AC", "BA", "BC", "AC"].map((move) => `\\boxed{${move}}`);

function make(options: Choices["options"] = {}, choices: Choices = {}): Env {
  return makeEnv(towerOfHanoi, EASY, { options, ...choices });
}

/** A game of three disks in ten turns. */
function started(options: Choices["options"] = {}, choices: Choices = {}): Env {
  const env = make(options, choices);
  env.reset(42);
  return env;
}

describe("TowerofHanoi reset", () => {
  it.each([
    ["game:TowerofHanoi-v0-easy", 3, 10, 2_746_317_213],
    ["game:TowerofHanoi-v0-hard", 5, 35, 2_746_317_213],
    ["game:TowerofHanoi-v0-random", 5, 35, 478_163_327],
  ])("of %s with seed 42 has %i disks and %i turns", async (id, disks, turns, next) => {
    const env = makeEnv(towerOfHanoi, id);
    env.reset(42);
    expect(env.getAttribute("num_disks")).toBe(disks);
    expect(env.getAttribute("max_turns")).toBe(turns);
    expect(env.getAttribute("board")).toEqual({
      A: [5, 4, 3, 2, 1].slice(5 - disks),
      B: [],
      C: [],
    });
    expect(await nextOutput(env)).toBe(next);
  });

  it.each([{ num_disks: null }, { max_turns: null }])("draws both with %j", (options) => {
    const env = started(options);
    expect([env.getAttribute("num_disks"), env.getAttribute("max_turns")]).toEqual([5, 35]);
  });

  it("tells disks, turns, and an answer that the game takes", () => {
    const [rules, info] = make().reset(42) as [string, Record<string, unknown>];
    expect(rules).toMatch(/all 3 disks from tower A to tower C within 10 turns/);
    expect(rules).toMatch(/\\boxed\{A C\}\.$/);
    expect(Object.keys(info)).toEqual(["suffix"]);
    expect(info["suffix"]).toContain("\nA: [3, 2, 1]\nB: []\nC: []\n");
  });
});

describe("TowerofHanoi step", () => {
  it("moves the top disk", () => {
    const env = started();
    expect(outcome(env, "\\boxed{A C}")).toEqual(GO_ON);
    expect(env.getAttribute("board")).toEqual({ A: [3, 2], B: [], C: [1] });
    expect(observe(env, "\\boxed{A B}")).toMatch(/disk 2 from A to B/);
  });

  it("pays 1 when all disks are on C, also in the last turn", () => {
    const env = started({ max_turns: 7 });
    const outcomes = SOLUTION.map((move) => outcome(env, move));
    expect(outcomes).toEqual([...new Array<unknown>(6).fill(GO_ON), [1, true, false]]);
  });

  it("pays nothing for all disks on B", () => {
    const env = started({ num_disks: 1 });
    expect(outcome(env, "\\boxed{A B}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{B C}")).toEqual([1, true, false]);
  });

  it("pays nothing for a move from an empty tower or onto a smaller disk, which changes nothing", () => {
    const env = started();
    expect(observe(env, "\\boxed{B C}")).toMatch(/tower B is empty/);
    step(env, "\\boxed{A C}");
    expect(observe(env, "\\boxed{A C}")).toMatch(/disk 2 of tower A is larger/);
    expect(outcome(env, "\\boxed{A C}")).toEqual(GO_ON);
    expect(env.getAttribute("board")).toEqual({ A: [3, 2], B: [], C: [1] });
    expect(env.getAttribute("turn_count")).toBe(4);
  });

  it("takes a move from a tower to itself, which may win once more after the end", () => {
    const env = started({ max_turns: 100 });
    expect(observe(env, "\\boxed{AA}")).toMatch(/you moved disk 1 from A to A/);
    expect(env.getAttribute("board")).toEqual({ A: [3, 2, 1], B: [], C: [] });
    for (const move of SOLUTION) step(env, move);
    expect(outcome(env, "\\boxed{CC}")).toEqual([1, true, false]);
    expect(outcome(env, "\\boxed{BB}")).toEqual(GO_ON);
    expect(outcome(env, "\\boxed{CB}")).toEqual(GO_ON);
  });

  it.each([
    ["\\boxed{A C}", 1 / 3],
    ["\\boxed{A B}", 0],
    ["\\boxed{C B}", 0],
  ])("pays the share of disks on C after a last turn of %s", (move, reward) => {
    const env = started({ max_turns: 1 });
    expect(outcome(env, move)).toEqual([reward, true, true]);
  });

  it("tells how many disks are on C when no turn is left", () => {
    const env = started({ max_turns: 1 });
    expect(observe(env, "\\boxed{AC}")).toMatch(/1 of 3 disks are on C\.$/);
  });

  it.each(["AC", "A C", "a, c", "A,c", "a  ,\t\n C", "A\u3000\u001cC", "A ,C"])(
    "takes \\boxed{%s}",
    (move) => {
      const env = started();
      step(env, `\\boxed{A B} \\boxed{${move}} \\boxed{A D}`);
      expect(env.getAttribute("board")).toEqual({ A: [3, 2], B: [], C: [1] });
    },
  );

  it.each([
    "",
    "A C",
    "\\boxed{}",
    "\\boxed{A}",
    "\\boxed{ A C}",
    "\\boxed{A C }",
    "\\boxed{A,,C}",
    "\\boxed{A to C}",
    "\\boxed{A\ufeffC}",
    "\\boxed{A D}",
    "\\BOXED{A C}",
    `\\boxed{A${" ".repeat(1_000_000)}?}`,
    `\\boxed{A ,${" ".repeat(1_000_000)},C}`,
    "\ud800",
    null,
  ])("ends with -0.1 on %.40j", (reply) => {
    expect(outcome(started(), reply)).toEqual(FORMAT_ERROR);
  });

  it("reports a format error as truncated in exactly the last turn", () => {
    const env = started({ max_turns: 2 });
    expect([1, 2, 3].map(() => outcome(env, "?"))).toEqual([
      [-0.1, true, false],
      [-0.1, true, true],
      [-0.1, true, false],
    ]);
  });

  it("keeps every disk, none on a smaller one, whatever the replies", () => {
    const moves = fc
      .tuple(fc.constantFrom("A", "B", "C"), fc.constantFrom("A", "b", "C"))
      .map((towers) => `\\boxed{${towers.join(" ")}}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(anyReply, moves), { maxLength: 20 }), (replies) => {
        const env = started();
        for (const reply of replies) {
          const [observation, reward] = step(env, reply);
          expect(typeof observation).toBe("string");
          expect(reward === -0.1 || (reward >= 0 && reward <= 1)).toBe(true);
        }
        env.setAttribute("board", env.getAttribute("board"));
      }),
    );
  });
});

describe("TowerofHanoi random actions", () => {
  it("are moves that the rules allow, each of them at times", () => {
    const env = started({ max_turns: 1000 });
    const drawn = new Set<string>();
    for (let i = 0; i < 300; i++) {
      const action = sample(env);
      drawn.add(action);
      expect(observe(env, action)).toMatch(/you moved disk/);
    }
    expect(drawn.size).toBe(6);
  });

  it("need an episode", () => {
    expect(() => make().sampleRandomAction()).toThrow(/Call reset\(\)/);
  });
});

describe("TowerofHanoi state", () => {
  it("continues identically from a snapshot", () => {
    const env = started();
    step(env, "\\boxed{A C}");
    const copy = make();
    copy.setState(decode(encode(env.getState())) as EnvSnapshot);
    for (let i = 0; i < 20; i++) {
      const action = sample(env);
      expect(copy.sampleRandomAction()).toBe(action);
      expect(step(copy, action)).toEqual(step(env, action));
    }
    expect(copy.reset()).toEqual(env.reset());
  });

  it("can be read and written under upstream's names", () => {
    const env = started();
    expect(env.attributeNames().toSorted()).toEqual([
      "board",
      "max_turns",
      "num_disks",
      "turn_count",
    ]);
    const board = { A: [1], B: [], C: [3, 2] };
    env.setAttribute("board", board);
    board.C.pop();
    expect(outcome(env, "\\boxed{A C}")).toEqual([1, true, false]);
  });

  it("does not change through what was read", () => {
    const env = started();
    (env.getAttribute("board") as Record<string, number[]>)["A"]?.pop();
    expect(env.getAttribute("board")).toEqual({ A: [3, 2, 1], B: [], C: [] });
  });

  it.each([
    ["board", { A: [1, 2, 3], B: [], C: [] }],
    ["board", [3, 2, 1]],
    ["num_disks", 4],
    ["max_turns", 0],
    ["turn_count", -1],
  ])("refuses to set %s to %j", (name, value) => {
    expect(() => started().setAttribute(name, value)).toThrow(/cannot be set/);
  });
});

describe("TowerofHanoi texts", () => {
  it("can be replaced", () => {
    const env = started({}, { prompts: { suffix: "{board}", moved: "{disk}: {source}>{target}" } });
    const [observation, , , , info] = step(env, "\\boxed{a b}");
    expect(observation).toBe("1: A>B");
    expect(info).toEqual({ suffix: "A: [3, 2]\nB: [1]\nC: []\n" });
    expect(env.callMethod("get_task_suffix", [])).toBe(info["suffix"]);
  });
});

describe("TowerofHanoi options", () => {
  it("default to 3 disks in 100 turns", () => {
    const env = makeEnv(towerOfHanoi, "game:TowerofHanoi-custom");
    expect([env.getAttribute("num_disks"), env.getAttribute("max_turns")]).toEqual([3, 100]);
  });

  it.each([
    [{ num_disks: 0 }, /"num_disks".*from 1 to 64.*got 0/],
    [{ num_disks: 65 }, /"num_disks".*from 1 to 64.*got 65/],
    [{ num_disks: "3" }, /"num_disks".*got "3"/],
    [{ max_turns: 0 }, /"max_turns".*positive integer.*got 0/],
    [{ num_disk: 4 }, /Did you mean "num_disks"/],
  ])("refuse %j", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });
});
