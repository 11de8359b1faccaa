import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Env, type Info, type ResetResult, type StepResult } from "../../../src/core/env.ts";
import { wrap } from "../../../src/wrappers/index.ts";

/** Says what it is told to say. */
class EchoEnv extends Env {
  readonly id = "test:Echo-v0";
  next: readonly [string, Info] = ["", {}];

  override reset = (): ResetResult => [this.next[0], { ...this.next[1] }];
  override step = (): StepResult => [this.next[0], 0, false, false, { ...this.next[1] }];
  override sampleRandomAction = (): string => "a";
  override getState = (): Record<string, unknown> => ({});
  override setState = (): void => undefined;
  override attributeNames = (): readonly string[] => [];
  override getAttribute = (): unknown => undefined;
  override setAttribute = (): void => undefined;
}

interface Move {
  readonly kind: "reset" | "step" | "restore";
  readonly text: string;
  readonly action: string;
  readonly info: Info;
  readonly isTaken: boolean;
}

const part = fc.string({ unit: "binary", maxLength: 4 });
const moves = fc.array(
  fc.record<Move>({
    kind: fc.constantFrom("step", "step", "step", "step", "reset", "restore"),
    text: part,
    action: part,
    info: fc.record({ prefix: fc.constantFrom("", "P"), suffix: part }, { requiredKeys: [] }),
    isTaken: fc.boolean(),
  }),
);

describe("an observation of a history", () => {
  it("is so much of the one that it goes on from, and its tail", () => {
    fc.assert(
      fc.property(moves, fc.constantFrom("concat", "concat_with_action"), (played, preset) => {
        const base = new EchoEnv();
        const env = wrap(base, preset, {});
        const reference = wrap(base, preset, {});
        const shown = new Map<number, string>();
        const see = (text: unknown, move: Move): void => {
          const how = env.continuation ?? expect.fail("none");
          expect(how.text).toBe(text);
          const earlier = how.from === 0 ? "" : (shown.get(how.from) ?? expect.fail("unknown"));
          expect(earlier.slice(0, how.keep) + how.tail).toBe(text);
          shown.set(how.serial, how.text);
          how.isTaken = move.isTaken;
        };
        const play = (move: Move): void => {
          base.next = [move.text, move.info];
          const both = [env, reference].map((one) =>
            move.kind === "reset" ? one.reset() : one.step(move.action),
          ) as (ResetResult | StepResult)[];
          expect(both[0]?.[0]).toBe(both[1]?.[0]);
          see(both[0]?.[0], move);
        };
        play({ kind: "reset", text: "start", action: "", info: {}, isTaken: false });
        for (const move of played) {
          if (move.kind === "restore") void env.setState(reference.getState() as Info);
          else play(move);
        }
      }),
    );
  });

  it("is a line longer than the one before, behind the suffix too", () => {
    const base = new EchoEnv();
    const env = wrap(base, "concat", {});
    base.next = ["Guess.", { suffix: "4 turns left" }];
    void env.reset();
    base.next = ["Lower.", { suffix: "3 turns left" }];
    void env.step("5");
    expect(env.continuation).toMatchObject({ keep: 7, tail: "Lower.\n3 turns left" });
  });

  it("stands alone where the history does not go on", () => {
    const base = new EchoEnv();
    const env = wrap(base, "concat", { max_history_length: 1 });
    base.next = ["one", {}];
    void env.reset();
    expect(env.continuation?.from).toBe(0);
    void env.step("a");
    void env.step("b");
    expect(env.continuation).toMatchObject({ from: 0, keep: 0, tail: "one\none\n" });
  });

  it("is not known of a chat template's text, nor of an environment without a history", () => {
    const tokenizer = { applyChatTemplate: () => "chat" };
    const env = wrap(new EchoEnv(), "concat_chat", { tokenizer });
    void env.reset();
    expect(env.continuation).toBeUndefined();
    expect(new EchoEnv().continuation).toBeUndefined();
  });
});
