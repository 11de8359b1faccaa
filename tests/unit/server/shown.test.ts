import { describe, expect, it } from "vitest";
import { continuation, type Continuation } from "../../../src/core/continuation.ts";
import { Env, type Observation, type ResetResult, type StepResult } from "../../../src/core/env.ts";
import { Shown, type Shortened } from "../../../src/server/shown.ts";

/** Goes on as it is told. */
class TalkingEnv extends Env {
  readonly env = this;
  readonly id = "test:Talking-v0";
  shown: Continuation | undefined;

  override get continuation(): Continuation | undefined {
    return this.shown;
  }

  /** Adds to what was shown last. */
  say(tail: string): string {
    const last = this.shown;
    const text = (last?.text ?? "") + tail;
    this.shown = continuation(text, last && { from: last.serial, keep: last.text.length, tail });
    return text;
  }

  override reset = (): ResetResult => ["", {}];
  override step = (): StepResult => ["", 0, false, false, {}];
  override sampleRandomAction = (): string => "a";
  override getState = (): Record<string, unknown> => ({});
  override setState = (): void => undefined;
  override attributeNames = (): readonly string[] => [];
  override getAttribute = (): unknown => undefined;
  override setAttribute = (): void => undefined;
}

const long = "x".repeat(40);

/** Each observation as `[kept units, what is sent]`. */
function parts(shortened: Shortened | undefined): unknown[] | undefined {
  if (shortened === undefined) return undefined;
  const keeps = new Int32Array(shortened.keeps.buffer);
  return shortened.observations.map((sent, index) => [keeps[index], sent]);
}

describe("a vector's observations", () => {
  it("are whole at first, then what is new", () => {
    const env = new TalkingEnv();
    const shown = new Shown();
    expect(shown.shorten([env], [env.say(long)], null, [0, 1])).toBeUndefined();
    expect(parts(shown.shorten([env], [env.say("more")], null, [1, 2]))).toEqual([[40, "more"]]);
    expect(env.shown?.isTaken).toBe(true);
  });

  it("are whole for a client that has another copy, or none", () => {
    const env = new TalkingEnv();
    const shown = new Shown();
    shown.shorten([env], [env.say(long)], null, [0, 1]);
    expect(shown.shorten([env], [env.say("a")], null, [7, 8])).toBeUndefined();
    expect(shown.shorten([env], [env.say("b")], null, [0, 9])).toBeUndefined();
    expect(parts(shown.shorten([env], [env.say("c")], null, [9, 10]))).toEqual([[42, "c"]]);
  });

  it("are whole after something was shown elsewhere", () => {
    const env = new TalkingEnv();
    const shown = new Shown();
    shown.shorten([env], [env.say(long)], null, [0, 1]);
    env.say("to somebody else");
    expect(shown.shorten([env], [env.say("a")], null, [1, 2])).toBeUndefined();
    expect(parts(shown.shorten([env], [env.say("b")], null, [2, 3]))).toEqual([[57, "b"]]);
  });

  it("are whole where another text than the newest is sent", () => {
    const env = new TalkingEnv();
    const shown = new Shown();
    shown.shorten([env], [env.say(long)], null, [0, 1]);
    env.say("new");
    expect(shown.shorten([env], ["translated"], null, [1, 2])).toBeUndefined();
  });

  it("are told apart by member, also when some step", () => {
    const envs = [new TalkingEnv(), new TalkingEnv(), new TalkingEnv()];
    const shown = new Shown();
    const first = envs.map((env) => env.say(long));
    shown.shorten(envs, first, null, [0, 1]);
    const some = [envs[2], envs[0]].map((env, index): Observation => env?.say(`${index}`) ?? "");
    expect(parts(shown.shorten(envs, some, [2, 0], [1, 2]))).toEqual([
      [40, "0"],
      [40, "1"],
    ]);
    const all = envs.map((env): Observation => env.say("!"));
    expect(parts(shown.shorten(envs, all, null, [2, 3]))).toEqual([
      [41, "!"],
      [40, "!"],
      [41, "!"],
    ]);
  });

  it("are whole after a call that did not know of the one before", () => {
    const envs = [new TalkingEnv(), new TalkingEnv()];
    const shown = new Shown();
    const [zero, one] = envs.map((env) => env.say(long));
    shown.shorten(envs, [zero ?? "", one ?? ""], null, [0, 1]);
    shown.shorten(envs, [envs[0]?.say("a") ?? ""], [0], [1, 2]);
    expect(shown.shorten(envs, [envs[1]?.say("b") ?? ""], [1], [1, 3])).toBeUndefined();
    const all = envs.map((env): Observation => env.say("!"));
    expect(parts(shown.shorten(envs, all, null, [3, 4]))).toEqual([
      [-1, `${long}a!`],
      [41, "!"],
    ]);
  });

  it("are whole where little is kept or nobody knows", () => {
    const env = new TalkingEnv();
    const other = new TalkingEnv();
    const shown = new Shown();
    shown.shorten([env, other], [env.say("short"), { image: 1 }], null, [0, 1]);
    expect(
      shown.shorten([env, other], [env.say("er"), { image: 2 }], null, [1, 2]),
    ).toBeUndefined();
  });
});

describe("the last observation of an episode that ended", () => {
  /** An environment that was shown, its episode's end, and the next one's beginning. */
  function ended(): { env: TalkingEnv; shown: Shown; ending: Continuation; first: string } {
    const env = new TalkingEnv();
    const shown = new Shown();
    shown.shorten([env], [env.say(long)], null, [0, 1]);
    const from = env.shown?.serial ?? 0;
    const ending = continuation(`${long}the end`, { from, keep: 40, tail: "the end" });
    env.shown = undefined;
    return { env, shown, ending, first: env.say("A new episode.") };
  }

  it("is sent by what is new, and the given info stays whole", () => {
    const { env, shown, ending, first } = ended();
    const infos = [{ final_observation: ending.text, suffix: "s" }];
    const of = new Map([[0, ending]]);
    const sent = shown.shorten([env], [first], null, [1, 2], { infos, of });
    expect(sent?.observations).toEqual([first]);
    expect(sent?.infos).toEqual([{ final_observation: "the end", suffix: "s" }]);
    expect([...new Int32Array(sent?.keeps.buffer as ArrayBuffer)]).toEqual([-1, 0, 40]);
    expect(infos[0]?.final_observation).toBe(`${long}the end`);
  });

  it("goes by the position in the reply, not by the member", () => {
    const { env, shown, ending, first } = ended();
    const other = new TalkingEnv();
    const infos = [{}, { final_observation: ending.text }];
    const of = new Map([[0, ending]]);
    const sent = shown.shorten([env, other], ["?", first], [1, 0], [1, 2], { infos, of });
    expect([...new Int32Array(sent?.keeps.buffer as ArrayBuffer)]).toEqual([-1, -1, 1, 40]);
  });

  it("is whole for a client that has another copy, and where the info says something else", () => {
    const { env, shown, ending, first } = ended();
    const of = new Map([[0, ending]]);
    const own = [{ final_observation: "replaced" }];
    expect(shown.shorten([env], [first], null, [1, 2], { infos: own, of })).toBeUndefined();
    const again = ended();
    const infos = [{ final_observation: again.ending.text }];
    const endings = { infos, of: new Map([[0, again.ending]]) };
    expect(again.shown.shorten([again.env], [again.first], null, [7, 8], endings)).toBeUndefined();
  });
});
