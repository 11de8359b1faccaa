import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Env, StepResult } from "../../../src/core/env.ts";
import type { MaybePromise } from "../../../src/core/maybe-promise.ts";
import { Registry } from "../../../src/core/registry.ts";
import { make, makeVec, spawn } from "../../../src/make.ts";
import { RecordedEnv } from "../../../src/recording/recorded-env.ts";
import { flushRecordings, recordingAt } from "../../../src/recording/recordings.ts";
import { replay } from "../../../src/replay/replay.ts";
import { formatReplay } from "../../../src/replay/report.ts";
import { DiceEnv, dice } from "../../fixtures/envs.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-replay-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const IDS = [
  "game:GuessTheNumber-v0-hard",
  "game:Mastermind-v0-easy",
  "game:Hangman-v0-easy",
  "game:Minesweeper-v0-easy",
  "game:GuessTheNumber-v0-easy",
];

/** Something that happens to a recorded environment. */
const event = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant("step" as const), action: fc.string() }) },
  { weight: 10, arbitrary: fc.constant({ do: "play" as const }) },
  { weight: 2, arbitrary: fc.constant({ do: "reset" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("seed" as const), seed: fc.nat(1000) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "save" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "load" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "copy" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("assign" as const), value: fc.nat(5) }),
  },
);

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

async function happen(env: Env, events: readonly Event[]): Promise<void> {
  await env.reset();
  let saved = await env.getState();
  const copies: Env[] = [];
  for (const happening of events) {
    switch (happening.do) {
      case "step":
        await env.step(happening.action);
        break;
      case "play":
        await env.step(await env.sampleRandomAction());
        break;
      case "reset":
        await env.reset();
        break;
      case "seed":
        await env.reset(happening.seed);
        break;
      case "save":
        saved = await env.getState();
        break;
      case "load":
        await env.setState(saved);
        break;
      case "copy": {
        const copy = await spawn(env, true);
        await copy.step(await copy.sampleRandomAction());
        copies.push(copy);
        break;
      }
      case "assign":
        await env.setAttribute("turn_count", happening.value);
    }
  }
  for (const copy of copies) await copy.close();
}

describe("replay", () => {
  it("finds whatever was recorded of one environment identical", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...IDS),
        fc.boolean(),
        fc.option(fc.nat(), { nil: undefined }),
        fc.array(event, { maxLength: 25 }),
        async (id, recordObservations, seed, events) => {
          const path = join(folder, `${String(run++)}.jsonl`);
          const options = seed === undefined ? {} : { seed };
          const env = make(id, options, { record: path, recordObservations });
          await happen(env, events);
          await env.close();
          const report = await replay(path);
          expect(report.differences).toEqual([]);
          expect(report.refusals).toEqual([]);
          expect(report.passed).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("finds vectors of several ids, with wrappers and either autoreset, identical", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...IDS), { minLength: 1, maxLength: 5 }),
        fc.subarray(["concat", "concat_with_action", "episode_tracking"]),
        fc.constantFrom("SameStep" as const, "NextStep" as const),
        fc.array(fc.constantFrom("\\boxed{5}", "\\boxed{1 2 3 4}", "\\boxed{a}", "x"), {
          maxLength: 30,
        }),
        async (ids, wrappers, autoreset, actions) => {
          const path = join(folder, `${String(run++)}.jsonl`);
          const vec = makeVec(ids, { wrappers, autoreset, record: path });
          await vec.reset(run % 2 === 0 ? 7 : null);
          for (const action of actions) await vec.step(ids.map(() => action));
          await vec.close();
          const report = await replay(path);
          expect(report.differences).toEqual([]);
          const steps = report.ids.reduce((sum, id) => sum + id.steps, 0);
          if (autoreset === "SameStep") expect(steps).toBe(actions.length * ids.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("names exactly the line in which a byte was changed", async () => {
    const path = join(folder, "whole.jsonl");
    const vec = makeVec(Array<string>(3).fill("game:GuessTheNumber-v0-hard"), { record: path });
    await vec.reset();
    for (let i = 0; i < 12; i++) await vec.step(["\\boxed{1}", "\\boxed{20}", "nothing"]);
    await vec.close();
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const steps = lines.flatMap((line, index) => (line.includes('"kind":"step"') ? [index] : []));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...steps),
        fc.constantFrom("action", "reward"),
        fc.nat(),
        async (index, field, seed) => {
          const line = lines[index] ?? "";
          const { t } = JSON.parse(line) as { t: number };
          const start = line.indexOf(`"${field}":`) + field.length + 3;
          const end = line.indexOf(field === "action" ? ',"reward"' : ',"terminated"');
          const at = start + (seed % (end - start));
          const byte = String.fromCharCode(line.charCodeAt(at) ^ 1);
          const changed = line.slice(0, at) + byte + line.slice(at + 1);
          const flipped = join(folder, "flipped.jsonl");
          writeFileSync(flipped, `${lines.with(index, changed).join("\n")}\n`);
          const { passed, differences } = await replay(flipped);
          expect(passed).toBe(false);
          expect(differences[0]).toMatchObject({ line: index + 1, field: "line" });
          if (differences[0]?.env !== "unknown") expect(differences[0]?.step).toBe(t);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("names the first step at which this version plays otherwise, and both observations", async () => {
    const path = join(folder, "other.jsonl");
    const making = { what: "test:Dice-v0", options: {}, wrappers: [], seed: 5n, slot: 0 };
    const recording = recordingAt({ path, withObservations: true });
    const env = new RecordedEnv(dice(5), making, recording);
    for (let episode = 0; episode < 2; episode++) {
      await env.reset();
      for (let i = 0; i < 3; i++) await env.step("roll");
    }
    await env.close();

    class OtherDice extends DiceEnv {
      protected override onStep(action: string): MaybePromise<StepResult> {
        const step = super.onStep(action) as StepResult;
        return step[1] === 2 ? [step[0], 2.5, step[2], step[3], step[4]] : step;
      }
    }
    const registry = new Registry();
    registry.register("test:Dice-v0", OtherDice);
    const report = await replay(path, { registry });
    const observation: unknown = expect.stringMatching(/^rolls/);
    expect(report).toMatchObject({
      passed: false,
      ids: [{ id: "test:Dice-v0", episodes: 2, identical: 0, different: 1, skipped: 1 }],
      differences: [
        {
          line: 5,
          episode: 1,
          step: 2,
          field: "reward",
          expected: 2,
          got: 2.5,
          recordedObservation: observation,
          observation,
          dependsOnOutside: false,
        },
      ],
    });
    const text = formatReplay(report);
    expect(text).toContain(`${path}:5: episode 1 (test:Dice-v0, `);
    expect(text).toContain("step 2: reward differs\n  recorded: 2\n  now:      2.5\n");
    expect(text.endsWith("Differences in 1 episode.")).toBe(true);
    const same = new Registry();
    same.register("test:Dice-v0", DiceEnv);
    expect((await replay(path, { registry: same })).passed).toBe(true);
    expect((await replay(path, { registry: same, accepts: () => false })).ids).toEqual([]);
  });

  it("plays one episode alone, from where the state was last written down", async () => {
    const path = join(folder, "long.jsonl");
    const env = make("game:GuessTheNumber-v0-easy", {}, { record: path });
    for (let episode = 0; episode < 150; episode++) {
      await env.reset();
      await env.step("\\boxed{3}");
    }
    await env.close();
    const report = await replay(path, { episode: 150 });
    expect(report).toMatchObject({ passed: true, differences: [] });
    const episodes = report.ids[0]?.episodes;
    expect(episodes).toBeGreaterThan(0);
    expect(episodes).toBeLessThanOrEqual(64);
    await expect(replay(path, { episode: 151 })).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
      message: "There is no episode 151: the file has 150, counted from 1.",
    });
  });

  it("says what it cannot make, and plays the rest", async () => {
    const path = join(folder, "mixed.jsonl");
    const wrapper = (env: Env): Env => env;
    const odd = makeVec(["game:Hangman-v0-easy"], { wrappers: [wrapper], record: path });
    const even = makeVec(["game:Hangman-v0-easy"], { record: path });
    await odd.reset();
    await even.reset();
    await odd.close();
    await even.close();
    const report = await replay(path);
    expect(report.refusals).toEqual([
      {
        id: "game:Hangman-v0-easy",
        reason: "it was made with a function, which is not in the file",
        environments: 1,
      },
    ]);
    expect(formatReplay(report)).toContain(
      "game:Hangman-v0-easy: 1 environment cannot be played again: it was made with a function",
    );
    expect(report.ids).toMatchObject([{ id: "game:Hangman-v0-easy", identical: 1 }]);
  });

  it("leaves out a last line that was not finished", async () => {
    const path = join(folder, "torn.jsonl");
    const env = make("game:Hangman-v0-easy", {}, { record: path });
    await env.reset();
    await env.step("\\boxed{a}");
    await flushRecordings();
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 9));
    const report = await replay(path);
    expect(report).toMatchObject({ passed: true, differences: [] });
    expect(report.ids).toMatchObject([{ episodes: 1, steps: 0 }]);
    await env.close();
    // Whoever appends to it next leaves the torn line behind.
    const later = make("game:Hangman-v0-easy", {}, { record: path });
    await later.reset();
    await later.close();
    expect((await replay(path)).passed).toBe(true);
  });

  it("refuses what is no recording", async () => {
    await expect(replay(join(folder, "absent.jsonl"))).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
    });
    const path = join(folder, "other.jsonl");
    writeFileSync(path, '{"kind":"step"}\n');
    await expect(replay(path)).rejects.toThrow("is no recording: its first line is no header");
  });
});
