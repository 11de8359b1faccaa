import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ResetResult, StepResult } from "../../../src/core/env.ts";
import { rulesOf } from "../../../src/core/fault-policy.ts";
import { GemError } from "../../../src/errors.ts";
import { make, spawn, wrap as wrapMade } from "../../../src/make.ts";
import { Tool, type ToolResult } from "../../../src/tools/tool.ts";
import { VectorEnv } from "../../../src/vector/vector-env.ts";
import { wrap } from "../../../src/wrappers/index.ts";
import { dice } from "../../fixtures/envs.ts";

/** Answers actions that begin with its word: `word ok`, `word bad`, `word fault`, `word throw`, `word bug`. */
class WordTool extends Tool {
  override readonly toolType: string;
  readonly calls: string[] = [];
  /** How many of the next calls time out. */
  failures = 0;

  constructor(word = "use") {
    super();
    this.toolType = word;
  }

  override instructionString(): string {
    return `Write ${this.toolType}.`;
  }

  override executeAction(action: string): ToolResult | Promise<ToolResult> {
    this.calls.push(action);
    const [word, how] = action.split(" ");
    const parsed = `${this.toolType} ${how}`;
    if (word !== this.toolType && word !== "any") return [false, true, "", action];
    if (how === "later") return Promise.resolve([true, false, "later", parsed]);
    if (how === "throw" || this.failures-- > 0) throw new GemError("GEM_DEADLINE", "too slow");
    if (how === "bug") throw new TypeError("a bug");
    if (how === "fault") {
      const fault = { outcome: "fault", cause: "GEM_UNAVAILABLE", message: "gone" } as const;
      return [true, true, "no luck", parsed, { ...fault, retryable: false }];
    }
    const hasError = how !== "ok" && how !== this.toolType;
    return [true, hasError, `${this.toolType} did ${how}`, parsed];
  }
}

const rewards = { tool_reward: 0.05, tool_success_reward: 0.25 };

function wrapped(options: Record<string, unknown> = {}, tools: readonly Tool[] = [new WordTool()]) {
  const env = wrap(dice(), "ToolEnvWrapper", { tools, ...rewards, ...options });
  env.reset(1);
  return { env, step: (action: string | null) => env.step(action) as StepResult };
}

describe("ToolEnvWrapper", () => {
  it("puts the instructions below the first observation, and counters into the info", () => {
    const plain = dice();
    const [text] = plain.reset(1) as ResetResult;
    const env = wrap(dice(), "ToolEnvWrapper", { tools: [new WordTool()] });
    const [observation, info] = env.reset(1) as ResetResult;
    expect(observation).toBe(`${text as string}\nWrite use.`);
    expect(info).toMatchObject({
      tool_use_counter: 0,
      prev_ep_tool_use_counter: 0,
      tool_success_counter: 0,
      prev_ep_tool_success_counter: 0,
      use_tool: false,
    });
  });

  it("heads the instructions of several tools", () => {
    const env = wrap(dice(), "ToolEnvWrapper", { tools: [new WordTool("a"), new WordTool("b")] });
    expect((env.reset(1) as ResetResult)[0]).toMatch(/\nAvailable tools:\nWrite a\.\nWrite b\.$/);
  });

  it("answers a call and leaves the environment where it is", () => {
    const { env, step } = wrapped();
    expect(step("use ok and more")).toEqual([
      "use did ok",
      0.3,
      false,
      false,
      {
        parsed_action: "use ok",
        tool_type: "use",
        use_tool: true,
        tool_use_counter: 1,
        tool_success_counter: 1,
      },
    ]);
    expect(step("use bad").slice(0, 2)).toEqual(["use did bad", 0.05]);
    expect(env.getAttribute("turn_count")).toBe(0);
    expect(env.getAttribute("tool_use_counter")).toBe(2);
    expect(env.getAttribute("tool_success_counter")).toBe(1);
  });

  it("hands any other action to the environment as it is", () => {
    const { env, step } = wrapped();
    step("use ok");
    const [, reward, , , info] = step("roll");
    expect(reward).toBe(1);
    expect(info).toMatchObject({ use_tool: false, tool_use_counter: 1, tool_success_counter: 1 });
    expect(env.getAttribute("turn_count")).toBe(1);
    expect(step(null)[4]["use_tool"]).toBe(false);
  });

  it("remembers the counters of the last episode at the next reset", () => {
    const { env, step } = wrapped();
    step("use ok");
    step("use bad");
    expect((env.reset() as ResetResult)[1]).toMatchObject({
      tool_use_counter: 0,
      prev_ep_tool_use_counter: 2,
      tool_success_counter: 0,
      prev_ep_tool_success_counter: 1,
    });
  });

  it("says so at the last use, and takes every later action for an answer", () => {
    const tool = new WordTool();
    const { step } = wrapped({ max_tool_uses: 2 }, [tool]);
    expect(step("use ok")[0]).toBe("use did ok");
    expect(step("use bad")[0]).toMatch(/^use did bad\n\n.*final answer.*\.$/);
    expect(step("use ok")[4]).toMatchObject({ use_tool: false, tool_use_counter: 2 });
    expect(tool.calls).toHaveLength(2);
  });

  it("takes null as no limit, and 0 as no use at all", () => {
    const free = wrapped({ max_tool_uses: null });
    for (let i = 0; i < 30; i++) expect(free.step("use ok")[0]).toBe("use did ok");
    expect(wrapped({ max_tool_uses: 0 }).step("use ok")[4]["use_tool"]).toBe(false);
  });

  it("pays tool_execute_error_reward for errors where it is set", () => {
    const { step } = wrapped({
      tool_reward: 0,
      tool_success_reward: 0,
      tool_execute_error_reward: -0.2,
    });
    expect([step("use bad")[1], step("use ok")[1]]).toEqual([-0.2, 0]);
  });

  it("keeps the first failing call of several tools, unless a later tool succeeds", () => {
    const a = new WordTool("a");
    const b = new WordTool("b");
    const { env, step } = wrapped({}, [a, b]);
    expect(step("a bad")).toMatchObject(["a did bad", 0.05, false, false, { tool_type: "a" }]);
    expect(step("any bad")[4]).toMatchObject({ tool_type: "a", parsed_action: "a bad" });
    expect(step("any b")[4]).toMatchObject({ tool_type: "b", tool_success_counter: 1 });
    const before = b.calls.length;
    step("a ok");
    expect(b.calls).toHaveLength(before);
    expect(env.getAttribute("turn_count")).toBe(0);
  });

  it("neither pays nor counts a fault, and says what it was", () => {
    const { step } = wrapped({ max_tool_uses: 1 }, [new WordTool("use"), new WordTool("any")]);
    const [observation, reward, terminated, truncated, info] = step("use fault");
    expect([observation, reward, terminated, truncated]).toEqual(["no luck", 0, false, false]);
    expect(info).toEqual({
      parsed_action: "use fault",
      tool_type: "use",
      use_tool: true,
      tool_use_counter: 0,
      tool_success_counter: 0,
      gem: {
        outcome: "fault",
        cause: "GEM_UNAVAILABLE",
        message: "gone",
        attempt: 1,
        retryable: false,
        duration_ms: expect.any(Number) as number,
        tool_type: "use",
      },
    });
    expect(step("use throw")).toMatchObject([
      expect.stringContaining("not available"),
      0,
      false,
      false,
      { parsed_action: "use throw", gem: { cause: "GEM_DEADLINE", retryable: true } },
    ]);
  });

  it("asks a tool again under retry, up to three times in all, and only while that may help", () => {
    const tool = new WordTool();
    const { env, step } = wrapped({}, [tool]);
    env.follow(rulesOf({ onFault: "retry" }));
    expect(step("use throw")[4]["gem"]).toMatchObject({ outcome: "fault", attempt: 3 });
    expect(step("use fault")[4]["gem"]).toMatchObject({ outcome: "fault", attempt: 1 });
    expect(tool.calls).toHaveLength(4);
    tool.failures = 2;
    const [observation, reward, , , info] = step("use ok");
    expect([observation, reward]).toEqual(["use did ok", 0.3]);
    expect(info).toMatchObject({
      tool_use_counter: 1,
      gem: { outcome: "retried", cause: "GEM_DEADLINE", attempt: 3, tool_type: "use" },
    });
    expect(step("use ok")[4]).not.toHaveProperty("gem");
  });

  it("asks a tool once under the other policies", () => {
    const tool = new WordTool();
    const { env, step } = wrapped({}, [tool]);
    env.follow(rulesOf({ onFault: "mask" }));
    expect(step("use throw")[4]["gem"]).toMatchObject({ outcome: "fault", attempt: 1 });
    expect(tool.calls).toHaveLength(1);
  });

  it("does not hide a bug of a tool", () => {
    const { step } = wrapped();
    expect(() => step("use bug")).toThrow("a bug");
  });

  it("waits for a tool that answers later", async () => {
    const { env } = wrapped();
    expect((await env.step("use later")).slice(0, 2)).toEqual(["later", 0.3]);
  });

  it("tells a reset that is missing before it runs anything", () => {
    const tool = new WordTool();
    const env = wrap(dice(), "ToolEnvWrapper", { tools: [tool] });
    expect(() => env.step("use ok")).toThrow(expect.objectContaining({ code: "GEM_RESET_NEEDED" }));
    expect(tool.calls).toEqual([]);
  });

  it("carries its counters in the state; missing ones are 0", async () => {
    const { env, step } = wrapped();
    step("use ok");
    step("use bad");
    const copy = wrapped();
    const state = await env.getState();
    await copy.env.setState(state);
    expect(copy.step("use ok")[4]).toMatchObject({ tool_use_counter: 3, tool_success_counter: 2 });
    await copy.env.setState({ ...state, wrapper: {} });
    expect(copy.env.getAttribute("tool_use_counter")).toBe(0);
    expect(() => copy.env.setState({ ...state, wrapper: { tool_use_counter: -1 } })).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_STATE" }),
    );
  });

  it("is forked with its environment, and shares the tools", async () => {
    const tool = new WordTool();
    const env = wrapMade(make("game:GuessTheNumber-v0-easy"), "ToolEnvWrapper", { tools: [tool] });
    await env.reset(3);
    await env.step("use ok");
    const fork = await spawn(env, true);
    expect(await fork.step("use ok")).toEqual(await env.step("use ok"));
    expect(tool.calls).toHaveLength(3);
  });

  it("lets one slow call of an asynchronous vector delay its own member alone", async () => {
    const release: (() => void)[] = [];
    class SlowTool extends WordTool {
      override executeAction(action: string): ToolResult | Promise<ToolResult> {
        if (action !== "use slow") return super.executeAction(action);
        return new Promise((resolve) => {
          release.push(() => resolve([true, false, "slow", action]));
        });
      }
    }
    const envs = [0, 1, 2].map((seed) =>
      wrap(dice(seed), "ToolEnvWrapper", { tools: [new SlowTool()] }),
    );
    const vector = new VectorEnv(envs, { asyncMode: true });
    await vector.reset(1);
    const step = vector.step(["use slow", "use later", "roll"]);
    await setImmediate();
    expect(envs.map((env) => env.getAttribute("tool_use_counter"))).toEqual([0, 1, 0]);
    expect(envs[2]?.getAttribute("turn_count")).toBe(1);
    release[0]?.();
    expect((await step).observations.slice(0, 2)).toEqual(["slow", "later"]);
  });

  it.each([
    [{ tools: [] }, /at least one tool/],
    [{ tools: ["pyhton_code"] }, /Did you mean "python_code"/],
    [{ tools: ["search"], tool_reward: "1" }, /a finite number/],
    [{ tools: ["search"], max_tool_uses: -1 }, /non-negative integer, or null/],
    [{ tools: ["search"], tool_execute_error_reward: 0.1 }, /negative/],
    [{ tools: ["search"], tool_execute_error_reward: -1, tool_reward: 0.1 }, /both 0/],
    [{ tools: ["search"], tool_rewrad: 1 }, /Did you mean "tool_reward"/],
  ])("refuses %o", (options, message) => {
    expect(() => wrap(dice(), "ToolEnvWrapper", options)).toThrow(message);
  });

  it.each([
    "python_tool",
    "python_tool_no_int_reward",
    "python_tool_no_int_reward_last_line_error",
    "search_tool",
    "search_tool_no_int_reward",
  ])("has the preset %s", (name) => {
    const [observation] = wrap(dice(), name).reset(1) as ResetResult;
    expect(observation).toMatch(name.startsWith("search") ? /<search>/ : /<python>/);
  });
});
