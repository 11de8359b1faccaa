import { describe, expect, it } from "vitest";
import type { ResetResult, StepResult } from "../../src/core/env.ts";
import {
  createRegistry,
  defaultRegistry,
  make,
  makeFromSpec,
  makeVec,
  spawn,
  wrap,
} from "../../src/make.ts";
import { inlineHost } from "../../src/core/host.ts";
import type { VectorResetResult } from "../../src/vector/vector-env.ts";
import { DiceEnv } from "../fixtures/envs.ts";

const ID = "game:GuessTheNumber-v0-easy";

describe("make", () => {
  it("makes a registered environment that plays the same episode for the same seed", () => {
    const first = make(ID, { seed: 3 });
    const second = make(ID);
    expect(first.reset()).toEqual(second.reset(3));
    expect(first.id).toBe(ID);
  });

  it.each([
    ["game:GuessTheNumbr-v0-easy", {}, /Did you mean "game:GuessTheNumber-v0-easy"\?.*print_envs/],
    ["toString", {}, /Unknown environment/],
    [
      ID,
      { max_number: "ten" },
      /The option "max_number" of game:GuessTheNumber-v0-easy must be .*, got "ten"/,
    ],
    [ID, { max_turn: 3 }, /has no option "max_turn".*Did you mean "max_turns"/],
    [ID, { seed: -1 }, /A seed must be a non-negative integer/],
    [ID, { prompts: { nothing: "" } }, /Unknown prompt "nothing"/],
  ])("refuses %s with %o", (id, options, message) => {
    expect(() => make(id, options)).toThrow(message);
  });

  it("ignores options that trainers pass to every environment", () => {
    expect(() => make(ID, { use_mp: false, dataset: null, verbose: true, size: 10 })).not.toThrow();
  });

  it("uses a user's own texts", () => {
    const env = make(ID, { prompts: { rules: "Zahl von {min_number} bis {max_number}?" } });
    expect((env.reset(1) as ResetResult)[0]).toBe("Zahl von 1 bis 10?");
  });
});

describe("makeVec", () => {
  it("seeds member i with seed + i and applies the wrappers in order", () => {
    const vec = makeVec([ID, ID], { seed: 5, wrappers: ["concat", ["episode_tracking", {}]] });
    const [observations, infos] = vec.reset() as VectorResetResult;
    const alone = wrap(make(ID, { seed: 6 }), "concat");
    expect(observations[1]).toBe((alone.reset() as ResetResult)[0]);
    expect(infos[1]).toMatchObject({ step_counter: 0 });
  });

  it("lets a member's own seed win over the vector's, and shared options over the member's", () => {
    const vec = makeVec([ID, ID], {
      envOptions: [{ seed: 9, max_turns: 2 }, {}],
      options: { max_turns: 7 },
    });
    vec.reset();
    expect(vec.envs.map((env) => env.getAttribute("max_turns"))).toEqual([7, 7]);
    expect(() => makeVec([ID, ID], { envOptions: [{}] })).toThrow(/one entry for each of 2/);
  });
});

describe("register", () => {
  it("takes a class and refuses an id twice", () => {
    const registry = createRegistry();
    registry.register("test:Dice-v0", DiceEnv, { limit: 1 });
    expect(() => {
      registry.register("test:Dice-v0", DiceEnv);
    }).toThrow(expect.objectContaining({ code: "GEM_DUPLICATE_ENV" }));
    const env = makeFromSpec(registry.spec("test:Dice-v0"), { seed: 1 }, inlineHost);
    env.reset();
    expect((env.step("roll") as StepResult)[2]).toBe(true);
    expect(defaultRegistry().has("test:Dice-v0")).toBe(false);
  });
});

describe("spawn", () => {
  it("forks an environment mid-episode with its wrappers, after which both go their own ways", async () => {
    const env = wrap(
      wrap(make("game:Game2048-v0-easy", { seed: 4 }), "concat"),
      "episode_tracking",
    );
    await env.reset();
    await env.step("\\boxed{up}");
    const copy = await spawn(env, true);
    const original = await env.step("\\boxed{left}");
    expect(await copy.step("\\boxed{left}")).toEqual(original);
    await copy.step("\\boxed{down}");
    expect(await env.getAttribute("turn_count")).toBe(2);
  });

  it("makes a fresh one with other options when the state is not asked for", async () => {
    const copy = await spawn(make(ID, { seed: 1, max_turns: 2 }), false, { seed: 2 });
    expect(await copy.reset()).toEqual(await make(ID, { max_turns: 2 }).reset(2));
  });
});
