import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkEnv } from "../../../src/check/check-env.ts";
import { CHECK_NAMES } from "../../../src/check/report.ts";
import type { EnvSnapshot, StepResult } from "../../../src/core/env.ts";
import type { MaybePromise } from "../../../src/core/maybe-promise.ts";
import { GemError } from "../../../src/errors.ts";
import { make, register, wrap } from "../../../src/make.ts";
import { BROKEN } from "./broken-envs.ts";
import { SoundEnv, checkClass, detailOf, failures, instance } from "./sound-env.ts";

/** Episodes that go on beyond every trajectory, where it is resets without a seed that are broken. */
const LONG = { make: { length: 1000 } };
const MEMORY = { memoryLimitBytes: 50_000 };

describe("checkEnv", () => {
  beforeAll(() => {
    setFlagsFromString("--expose-gc");
    Reflect.set(globalThis, "gc", runInNewContext("gc"));
  });

  afterAll(() => {
    Reflect.deleteProperty(globalThis, "gc");
  });

  it("finds nothing wrong with a sound environment", async () => {
    const report = await checkClass(SoundEnv, MEMORY);
    expect(report).toMatchObject({ id: "test:Sound-v0", passed: true });
    expect(report.checks.map(({ name, outcome }) => [name, outcome])).toEqual(
      CHECK_NAMES.map((name) => [name, "passed"]),
    );
    expect(detailOf(report, "determinism")).toMatch(/^3 seeds, 3 ways, 25 steps each/);
    expect(detailOf(report, "rewards")).toMatch(/^-0\.5 to 1, /);
  });

  it.each(BROKEN.map((broken) => [broken[0].name, broken] as const))(
    "catches one that %s, by one check alone",
    async (_, [envClass, check, detail]) => {
      const options = /WithoutASeed|Once$/.test(envClass.name) ? LONG : {};
      const report = await checkClass(envClass, { ...options, ...MEMORY });
      expect(failures(report)).toEqual([check]);
      expect(detailOf(report, check)).toMatch(detail);
      expect(report.passed).toBe(false);
    },
  );

  it("plays the seeds, the steps and the replies that it is given", async () => {
    const asked: (string | null)[] = [];
    class Listening extends SoundEnv {
      override step(action: string | null): MaybePromise<StepResult> {
        asked.push(action);
        return super.step(action);
      }
    }
    const options = { seeds: [5, 2n ** 70n], steps: 3, actions: ["say 1", "say 2"] };
    const report = await checkClass(Listening, options);
    expect(report.passed).toBe(true);
    expect(asked.slice(0, 3)).toEqual(["say 1", "say 2", "say 1"]);
    expect(detailOf(report, "determinism")).toMatch(/^2 seeds, 2 ways, 3 steps each/);
  });

  it("skips what an environment does not offer", async () => {
    class Bare extends SoundEnv {
      override sampleRandomAction(): string {
        throw new GemError("GEM_UNSUPPORTED", "It has none.");
      }
      override getState(): EnvSnapshot {
        throw new GemError("GEM_UNSUPPORTED", "It holds a container.");
      }
    }
    const report = await checkClass(Bare);
    expect(failures(report)).toEqual([]);
    const skipped = report.checks.filter(({ outcome }) => outcome === "skipped");
    expect(skipped.map(({ name }) => name)).toEqual(["fork", "state", "random_action"]);
  });

  it("tells once what is thrown everywhere", async () => {
    class Falling extends SoundEnv {
      override onStep(): StepResult {
        throw new Error("the board fell down");
      }
    }
    const report = await checkClass(Falling);
    expect(failures(report)).toEqual(["types"]);
    expect(detailOf(report, "types")).toBe("Error: the board fell down");
    expect(detailOf(report, "fork")).toBe('It is stopped by what failed the check "types".');
  });

  it("does not wait for ever for a call, and makes no further one", async () => {
    class Hanging extends SoundEnv {
      override step(): Promise<StepResult> {
        return new Promise(() => undefined);
      }
    }
    const report = await checkClass(Hanging, { deadlineMs: 50 });
    expect(failures(report)).toEqual(["types"]);
    expect(detailOf(report, "types")).toMatch(
      /^GEM_DEADLINE: The check did not end within 0\.05 s; its last call was step\("say \d"\)\.$/,
    );
    expect(detailOf(report, "garbage")).toBe('A call of the check "types" did not come back.');
  });

  it("does not go on for ever with calls that each come back", async () => {
    class Slow extends SoundEnv {
      override onStep(action: string): StepResult {
        const end = performance.now() + 5;
        while (performance.now() < end);
        return super.onStep(action);
      }
    }
    const report = await checkClass(Slow, { deadlineMs: 100, steps: 1000 });
    expect(failures(report)).toEqual(expect.arrayContaining(["types", "determinism"]));
    expect(detailOf(report, "after_close")).toBe("refused with GEM_CLOSED");
  });

  it("checks a registered id, made with options, and a seed that make is given", async () => {
    register("test:CheckedSound-v0", SoundEnv);
    const report = await checkEnv("test:CheckedSound-v0", { make: { length: 2 } });
    expect([report.id, report.passed]).toEqual(["test:CheckedSound-v0", true]);
    class Forgetful extends SoundEnv {
      constructor(init: ConstructorParameters<typeof SoundEnv>[0]) {
        super({ ...init, seed: 0n });
      }
    }
    register("test:CheckedForgetful-v0", Forgetful);
    const forgetful = await checkEnv("test:CheckedForgetful-v0");
    expect(failures(forgetful)).toEqual(["determinism"]);
    expect(detailOf(forgetful, "determinism")).toContain("reset() after make(seed)");
  });

  it("checks an environment under an id that is not its own", async () => {
    class Impostor extends SoundEnv {
      override readonly id = "test:Other-v0";
    }
    register("test:CheckedImpostor-v0", Impostor);
    const report = await checkEnv("test:CheckedImpostor-v0");
    expect(detailOf(report, "start")).toBe(
      "Its id must be test:CheckedImpostor-v0, it is test:Other-v0.",
    );
    expect(detailOf(report, "memory")).toBe("It does not start.");
  });

  it("checks what a function makes, wrappers and promises included", async () => {
    const wrapped = await checkEnv((given) =>
      Promise.resolve(wrap(make("game:GuessTheNumber-v0-easy", given), "concat")),
    );
    expect(failures(wrapped)).toEqual([]);
  });

  it("passes on what is wrong with its arguments", async () => {
    await expect(checkEnv("test:Nowhere-v0")).rejects.toMatchObject({ code: "GEM_UNKNOWN_ENV" });
    const one = (): SoundEnv => instance(SoundEnv);
    for (const options of [
      { seeds: 0 },
      { seeds: [] },
      { steps: 0.5 },
      { actions: [] },
      { deadlineMs: 0 },
      { memoryLimitBytes: -1 },
    ]) {
      await expect(checkEnv(one, options)).rejects.toMatchObject({ code: "GEM_INVALID_OPTION" });
    }
    await expect(checkEnv(one, { seeds: [-1] })).rejects.toMatchObject({
      code: "GEM_INVALID_SEED",
    });
  });
});
