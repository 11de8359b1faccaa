import { describe, expect, it } from "vitest";
import { Env, type Info, type ResetResult, type StepResult } from "../../../src/core/env.ts";
import { chain } from "../../../src/core/maybe-promise.ts";
import { wrap } from "../../../src/wrappers/index.ts";
import type { ChatMessage, Tokenizer } from "../../../src/wrappers/observation.ts";
import { dice } from "../../fixtures/envs.ts";

/** Gives a fixed script of observations and infos. */
class ScriptedEnv extends Env {
  readonly id = "test:Scripted-v0";
  #next = 0;
  readonly #script: readonly (readonly [string, Info])[];

  constructor(script: readonly (readonly [string, Info])[]) {
    super();
    this.#script = script;
  }

  #take(): readonly [string, Info] {
    const [text, info] = this.#script[this.#next++] ?? ["", {}];
    return [text, { ...info }];
  }

  override reset(): ResetResult {
    const [text, info] = this.#take();
    return [text, info];
  }

  override step(): StepResult {
    const [text, info] = this.#take();
    return [text, 0, false, false, info];
  }

  override sampleRandomAction = (): string => "a";
  override getState = (): Record<string, unknown> => ({});
  override setState = (): void => undefined;
  override attributeNames = (): readonly string[] => [];
  override getAttribute = (): unknown => undefined;
  override setAttribute = (): void => undefined;
}

const script = [
  ["R", { prefix: "<P0>", suffix: "<S0>" }],
  ["o1", { suffix: "<S1>" }],
  ["o2", { suffix: "<S2>" }],
] as const;

/** Renders `<role>content</>…<gen>`. */
const toyTokenizer: Tokenizer = {
  applyChatTemplate: (messages: readonly ChatMessage[]) =>
    `${messages.map((m) => `<${m.role}>${m.content}</>`).join("")}<gen>`,
};

function texts(preset: string, options: Record<string, unknown> = {}): unknown[] {
  const env = wrap(new ScriptedEnv(script), preset, options);
  return [
    (env.reset() as ResetResult)[0],
    (env.step("a1") as StepResult)[0],
    (env.step("a2\n") as StepResult)[0],
  ];
}

describe("ObservationWrapper", () => {
  it("concat joins the observations and puts the newest prefix and suffix around them", () => {
    expect(texts("concat")).toEqual(["<P0>R\n<S0>", "R\no1\n<S1>", "R\no1\no2\n<S2>"]);
  });

  it("concat_with_action puts each action after its observation", () => {
    expect(texts("concat_with_action")).toEqual([
      "<P0>R\n<S0>",
      "R\na1\no1\n<S1>",
      "R\na1\no1\na2\no2\n<S2>",
    ]);
  });

  it("concat_chat renders the history as a chat and keeps the suffix outside", () => {
    expect(texts("concat_chat", { tokenizer: toyTokenizer })).toEqual([
      "<P0><user>R</><gen><S0>",
      "<user>R</><assistant>a1</><user>o1</><gen><S1>",
      "<user>R</><assistant>a1</><user>o1</><assistant>a2\n</><user>o2</><gen><S2>",
    ]);
  });

  it("concat_chat_on_reset renders only the opening", () => {
    expect(texts("concat_chat_on_reset", { tokenizer: toyTokenizer }).slice(0, 2)).toEqual([
      "<P0><user>R</><gen>\n<S0>",
      "<user>R</><gen>\na1\no1\n<S1>",
    ]);
  });

  it("waits for a tokenizer that answers later", async () => {
    const later: Tokenizer = { applyChatTemplate: () => Promise.resolve("rendered") };
    const env = wrap(new ScriptedEnv(script), "concat_chat", { tokenizer: later });
    expect((await env.reset())[0]).toBe("<P0>rendered<S0>");
  });

  it("shows the parsed action and the tool role when the environment gives them", () => {
    const env = wrap(
      new ScriptedEnv([
        ["R", {}],
        ["result", { parsed_action: "<python>1</python>", use_tool: true }],
      ]),
      "concat_chat",
      { tokenizer: toyTokenizer },
    );
    env.reset();
    expect((env.step("think <python>1</python> more") as StepResult)[0]).toBe(
      "<user>R</><assistant><python>1</python></><tool>result</><gen>",
    );
  });

  it("drops the oldest turns beyond max_history_length, the opening included", () => {
    expect(texts("concat_with_action", { max_history_length: 1 })).toEqual([
      "<P0>R\n<S0>",
      "R\na1\no1\n<S1>",
      "o1\na2\no2\n<S2>",
    ]);
  });

  it("takes max_history_length 0 as no limit", () => {
    expect(texts("concat_with_action", { max_history_length: 0 })).toEqual(
      texts("concat_with_action"),
    );
  });

  it.each([
    [{ include_chat_template: true, apply_chat_template_on_reset: true }, /exclude each other/],
    [
      { include_chat_template: true, include_action: false, tokenizer: toyTokenizer },
      /needs include_action/,
    ],
    [{ include_chat_template: true }, /needs a tokenizer/],
    [{ max_history_length: -1 }, /must be a non-negative integer, or null/],
    [{ include_actoin: true }, /Did you mean "include_action"/],
  ])("refuses %o", (options, message) => {
    expect(() => wrap(dice(), "ObservationWrapper", options)).toThrow(message);
  });

  it("carries its history in the state of the stack", () => {
    const env = wrap(dice(), "concat");
    env.reset(1);
    env.step("roll");
    const copy = wrap(dice(5), "concat");
    return chain(env.getState(), (state) => {
      copy.setState(state);
      expect(copy.step("roll")).toEqual(env.step("roll"));
    });
  });
});

describe("wrap", () => {
  it("names the nearest wrapper when the name is unknown", () => {
    expect(() => wrap(dice(), "concat_chta")).toThrow(/Did you mean "concat_chat"/);
    expect(() => wrap(dice(), "toString")).toThrow(
      expect.objectContaining({ code: "GEM_UNKNOWN_WRAPPER" }),
    );
  });
});
