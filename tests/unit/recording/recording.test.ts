import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Env, ResetResult, StepResult } from "../../../src/core/env.ts";
import { inlineHost } from "../../../src/core/host.ts";
import { Prompts } from "../../../src/core/prompts.ts";
import { RecordedEnv } from "../../../src/recording/recorded-env.ts";
import { packText } from "../../../src/recording/plain.ts";
import { recordingAt } from "../../../src/recording/recordings.ts";
import { hashText } from "../../../src/recording/text-hash.ts";
import { make, makeVec } from "../../../src/make.ts";
import { dice, DiceEnv } from "../../fixtures/envs.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-record-"));
  path = join(folder, "deep", "x.jsonl");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const DICE = {
  id: "test:Board-v0",
  options: {},
  prompts: Prompts.define<string>({}),
  seed: 0n,
  host: inlineHost,
};

/** Shows an object that it goes on to change. */
class BoardEnv extends DiceEnv {
  readonly #board: Record<string, unknown>;

  constructor(board: Record<string, unknown>) {
    super(DICE);
    this.#board = board;
  }

  protected override onReset(): ResetResult {
    return [this.#board, {}];
  }

  protected override onStep(): StepResult {
    return [this.#board, 0, false, false, {}];
  }
}

function recordedOf(env: Env): RecordedEnv {
  const making = { what: "test:Dice-v0", options: {}, wrappers: [], seed: 0n, slot: 0 };
  return new RecordedEnv(env, making, recordingAt({ path, withObservations: true }));
}

function recorded(withObservations = false): RecordedEnv {
  const making = { what: "test:Dice-v0", options: {}, wrappers: [], seed: 0n, slot: 0 };
  return new RecordedEnv(dice(), making, recordingAt({ path, withObservations }));
}

function lines(): Record<string, unknown>[] {
  const text = readFileSync(path, "utf8").trimEnd();
  return text.split("\n").map((line) => {
    const { at, sum, ...rest } = JSON.parse(line) as Record<string, unknown>;
    expect(typeof sum).toBe("string");
    if (rest["kind"] !== "header") expect(typeof at).toBe("number");
    return rest;
  });
}

describe("a recording", () => {
  it("has a header, how each environment was made, and a line for whatever happens to it", async () => {
    const env = recorded(true);
    await env.reset(7);
    await env.step("roll");
    await env.setAttribute("turn_count", 0);
    const action = await env.sampleRandomAction();
    await env.step(null);
    await env.close();
    const [header, ...rest] = lines();
    expect(header).toMatchObject({ kind: "header", format: 1, pid: process.pid });
    const key = rest[0]?.["env"];
    expect(key).toBe(`${String(header?.["writer"])}.0`);
    const hash: unknown = expect.stringMatching(/^[\da-f]{16}$/);
    const observation: unknown = expect.stringMatching(/^(?:start|rolls)/);
    expect(rest).toEqual([
      {
        kind: "env",
        env: key,
        what: "test:Dice-v0",
        id: "test:Dice-v0",
        options: {},
        wrappers: [],
        seed: "0",
        slot: 0,
      },
      { kind: "begin", env: key, episode: 0, seed: "7", hash, observation },
      {
        kind: "step",
        env: key,
        t: 1,
        action: "roll",
        reward: 1,
        terminated: false,
        truncated: false,
        hash,
        observation,
      },
      { kind: "set", env: key, name: "turn_count", value: 0 },
      { kind: "sample", env: key, action },
      {
        kind: "step",
        env: key,
        t: 2,
        action: null,
        reward: 1,
        terminated: false,
        truncated: false,
        hash,
        observation,
      },
      { kind: "close", env: key },
    ]);
  });

  it("holds no observations unless that was asked for", async () => {
    const env = recorded();
    await env.reset();
    await env.close();
    expect(lines().some((line) => "observation" in line)).toBe(false);
  });

  it("says how long was waited for a step that took its time", async () => {
    const env = recorded();
    await env.reset();
    await env.step("slow");
    await env.close();
    expect(lines().find(({ kind }) => kind === "step")).toMatchObject({
      ms: expect.any(Number) as number,
    });
  });

  it("notes a fault, and the state that the environment has since; a caller's mistake leaves no trace", async () => {
    const env = recorded();
    expect(() => env.step("early")).toThrow("has no episode yet");
    await env.reset();
    expect(() => env.step("boom")).toThrow("the die is broken");
    await env.reset();
    await env.close();
    expect(lines().map(({ kind, code }) => [kind, code])).toEqual([
      ["header", undefined],
      ["env", undefined],
      ["begin", undefined],
      ["fault", "GEM_INTERNAL"],
      ["state", undefined],
      ["begin", undefined],
      ["close", undefined],
    ]);
  });

  it("is appended to, by others at the same time too", async () => {
    for (let i = 0; i < 2; i++) {
      const env = recorded();
      await env.reset();
      await env.close();
    }
    const kinds = lines().map(({ kind }) => kind);
    expect(kinds).toEqual([...kinds.slice(0, 4), ...kinds.slice(0, 4)]);
  });

  it("writes what a loop has noted that never waits, in order, when too much is waiting", async () => {
    const env = recorded();
    for (let i = 0; i < 60_000; i++) {
      void env.reset();
      void env.step("roll");
    }
    // More than may wait is in the file before the loop has turned once.
    const early = readFileSync(path, "utf8").split("\n").length;
    expect(early).toBeGreaterThan(1000);
    await env.close();
    const [, , ...played] = lines();
    expect(played).toHaveLength(120_000 + 1);
    const numbers = played.slice(0, -1).map(({ kind, episode, t }) => [kind, episode ?? t]);
    const expected = Array.from({ length: 120_000 }, (_, i) =>
      i % 2 === 0 ? ["begin", i / 2] : ["step", 1],
    );
    expect(numbers).toEqual(expected);
  });

  it("keeps each environment's order while steps come in between, and has all of it when it is closed", async () => {
    const envs = Array.from({ length: 20 }, () => recorded());
    for (const env of envs) await env.reset();
    for (let turn = 1; turn <= 60; turn++) {
      for (const env of envs) await env.step("roll");
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(envs.map((env) => env.close()));
    const played = lines();
    for (const key of new Set(played.flatMap(({ env }) => (env === undefined ? [] : [env])))) {
      const own = played.filter(({ env }) => env === key);
      expect(own.map(({ kind }) => kind).join(" ")).toBe(`env begin ${"step ".repeat(60)}close`);
      expect(own.slice(2, -1).map(({ t }) => t)).toEqual(
        Array.from({ length: 60 }, (_, i) => i + 1),
      );
    }
  });

  it.each(["return", "exit", "throw", "thread return", "thread exit", "thread throw"])(
    "has everything in the file when its program or thread ends: %s",
    (how) => {
      const fixture = join(import.meta.dirname, "../../fixtures/recording-ends.ts");
      spawnSync(process.execPath, ["--import", "tsx", fixture, path, how]);
      expect(lines().filter(({ kind }) => kind === "step")).toHaveLength(50);
    },
  );

  it("writes an observation that is no text as it was when it was seen", async () => {
    const board = { cells: [0] };
    const env = recordedOf(new BoardEnv(board));
    await env.reset();
    board.cells.push(1);
    await env.step("x");
    board.cells.push(2);
    await env.close();
    const seen = lines().flatMap(({ hash, observation }) =>
      observation === undefined ? [] : [[hash, observation]],
    );
    expect(seen).toEqual([
      [hashText(packText({ cells: [0] })), { cells: [0] }],
      [hashText(packText({ cells: [0, 1] })), { cells: [0, 1] }],
    ]);
  });

  it.each(["concat", "concat_with_action", "no_history"])(
    "hashes what goes on from the observation before as if it stood alone: %s",
    async (wrapper) => {
      const vec = makeVec(["game:GuessTheNumber-v0-hard", "game:Hangman-v0-easy"], {
        wrappers: wrapper === "no_history" ? [] : [wrapper],
        record: path,
        recordObservations: true,
      });
      await vec.reset(3n);
      for (let turn = 0; turn < 40; turn++) {
        const guess = turn % 7 === 0 ? "😀 \ud83d" : `\\boxed{${String(turn)}}`;
        await vec.step([guess, turn % 3 === 0 ? "no letter" : "\\boxed{e}"]);
      }
      await vec.close();
      const seen = lines().filter(({ kind }) => kind === "step" || kind === "begin");
      expect(seen.length).toBeGreaterThan(80);
      for (const { hash, observation } of seen) expect(hash).toBe(hashText(observation as string));
    },
  );

  it("refuses a path that cannot be written, before anything is made", () => {
    const env = (record: string): unknown => make("game:Hangman-v0-easy", {}, { record });
    expect(() => env(folder)).toThrow("A recording cannot be written to");
    expect(() => env("/dev/full")).toThrow("ENOSPC");
    writeFileSync(join(folder, "file"), "");
    expect(() => env(join(folder, "file", "x.jsonl"))).toThrow(
      expect.objectContaining({ code: "GEM_INVALID_ARGUMENT" }),
    );
  });

  it("says once that a disk is full, and harms nobody", () => {
    // A file may have 8 blocks of 1024 bytes here; what is written beyond fails as on a full disk.
    const fixture = join(import.meta.dirname, "../../fixtures/recording-full-disk.ts");
    const command = `ulimit -f 8; exec "$0" --import tsx "$1" "$2"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command, process.execPath, fixture, path], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ complaints: [path], errors: 1, steps: 300 });
  });
});
