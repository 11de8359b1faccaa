import { describe, expect, it } from "vitest";
import { TERMINAL_STATE } from "../../../../src/core/constants.ts";
import { libraryOf, maker } from "./rows.ts";

const ROWS = [{ question: "Who?", answer: ["The Beatles", "Beatles band"] }];

describe("QaEnv", () => {
  const make = maker(libraryOf({}));

  it("shows what to do and the question, and judges the last answer tag", async () => {
    const env = make("eval:QaOpen", { dataset: ROWS });
    const [observation, info] = await env.reset();
    expect(observation).toContain("<think>");
    expect(observation).toMatch(/<answer>.*\n\nQuestion: Who\?\n$/s);
    expect(info).toEqual({});
    const replies = {
      "<answer>x</answer> <answer>beatles</answer>": [1, { correct: true, f1: 1 }],
      "<answer>the beatles quartet</answer>": [0, { correct: false, f1: 2 / 3 }],
      "\\boxed{Beatles}": [0, { correct: false, f1: 0 }],
    };
    for (const [reply, [reward, expected]] of Object.entries(replies)) {
      expect(await env.step(reply)).toEqual([TERMINAL_STATE, reward, true, true, expected]);
    }
    const action = await env.sampleRandomAction();
    expect((await env.step(action))[4]).toEqual({ correct: false, f1: 0 });
  });

  it("reads the last box with extract_boxed", async () => {
    const env = make("logic:RuleTaker-d0", { dataset: [{ question: "q", answer: true }] });
    await env.reset();
    expect((await env.step("\\boxed{True}"))[1]).toBe(1);
    expect((await env.step("<answer>True</answer>"))[1]).toBe(0);
  });

  it("takes another text in place of its own", async () => {
    const env = make("eval:QaOpen", { dataset: ROWS, prompts: { question: "{question}" } });
    expect((await env.reset())[0]).toBe("Who?");
  });
});
