/** The contract that every environment of this process keeps; the others have `elsewhere-*.test.ts`. A new id is covered by being registered. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEnv } from "../../src/check/check-env.ts";
import { formatReport } from "../../src/check/table.ts";
import type { Env, StepResult } from "../../src/core/env.ts";
import { slicedHost } from "../../src/core/host.ts";
import {
  defaultRegistry,
  listEnvs,
  make as makeById,
  makeFromSpec,
  spawn,
  wrap,
  type MakeOptions,
} from "../../src/make.ts";
import { worksElsewhere } from "../fixtures/elsewhere-ids.ts";
import { offline } from "../fixtures/offline.ts";
import { digest, play, playOn } from "../fixtures/trajectory.ts";

const STEPS = 25;
/** Replies of a property: 300, and 100,000 in the nightly profile (`npm run test:nightly`). */
const REPLIES = Number(process.env["GEM_PROPERTY_RUNS"] ?? 300);
const REPLIES_TIMEOUT_MS = 60_000 + REPLIES * 5;
/** Slow to reset, so they are played less. */
const SLOW = /Sokoban-v0-(?:hard|random)/;

/** Games that have no board to look at. */
const BOARDLESS = /GuessTheNumber|WikiGame/;

const make = (id: string, options: MakeOptions = {}): Env =>
  makeById(id, { ...offline(id), ...options });

function isStep(result: StepResult): void {
  const [observation, reward, terminated, truncated, info] = result;
  expect(typeof observation).toBe("string");
  expect(Number.isFinite(reward)).toBe(true);
  expect(typeof terminated).toBe("boolean");
  expect(typeof truncated).toBe("boolean");
  expect(Object.getPrototypeOf(info)).toBe(Object.prototype);
}

describe.each(listEnvs().filter((id) => !worksElsewhere(id)))("%s", (id) => {
  const seeds = SLOW.test(id) ? [1, 3] : [1, 2, 3, 2n ** 70n];

  it("passes every check", async () => {
    const report = await checkEnv(id, { make: offline(id), seeds, steps: STEPS });
    expect(report.passed, formatReport(report)).toBe(true);
    const names = report.checks
      .filter(({ outcome }) => outcome === "skipped")
      .map(({ name }) => name);
    expect(names.filter((name) => name !== "memory")).toEqual([]);
    const determinism = report.checks.find(({ name }) => name === "determinism");
    expect(determinism?.detail).toContain(`${seeds.length} seeds, ${seeds.length} ways`);
  });

  it("is not disturbed by another environment that plays in between", async () => {
    const expected = await play(make(id), 1, STEPS);
    const env = make(id);
    const other = make(id);
    const log: unknown[] = [await env.reset(1)];
    for (let i = 0; i < STEPS; i++) {
      await (SLOW.test(id) && i > 0 ? other.step("\\boxed{up}") : other.reset(i));
      log.push(...(await playOn(env, i, 1)));
    }
    expect(digest(log)).toBe(digest(expected));
  });

  it("goes the same way when its long computations are sliced", async () => {
    const sliced = makeFromSpec(defaultRegistry().spec(id), offline(id), slicedHost(0));
    expect(digest(await play(sliced, 1, 5))).toBe(digest(await play(make(id), 1, 5)));
  });

  it("continues identically from a snapshot and in a fork, and the original is not touched", async () => {
    const env = wrap(make(id), "concat");
    await play(env, 1, 7);
    const snapshot = structuredClone(await env.getState());
    const fork = await spawn(env, true);
    const expected = digest(await playOn(env, 7, STEPS));
    expect(digest(await playOn(fork, 7, STEPS))).toBe(expected);
    const other: Env = wrap(make(id), "concat");
    await other.setState(snapshot);
    expect(digest(await playOn(other, 7, STEPS))).toBe(expected);
  });

  it(
    "answers any text whatsoever",
    async () => {
      const env = make(id);
      await env.reset(1);
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.string({ unit: "binary" }), boxed()), async (action) => {
          isStep(await env.step(action));
        }),
        { numRuns: REPLIES },
      );
    },
    REPLIES_TIMEOUT_MS,
  );

  it("answers a reply of 200,000 characters", async () => {
    const env = make(id);
    await env.reset(1);
    for (const action of [
      "\\boxed{".repeat(28_000),
      "9".repeat(200_000),
      `\\boxed{${"9".repeat(200_000)}}`,
    ]) {
      isStep(await env.step(action));
    }
  });

  it("reads its declared attributes and refuses others", async () => {
    const env = make(id);
    await env.reset(1);
    const names = env.attributeNames();
    expect(names).toContain("turn_count");
    for (const name of names) expect(env.getAttribute(name)).not.toBeUndefined();
    expect(() => env.getAttribute("no_such_attribute")).toThrow(
      expect.objectContaining({ code: "GEM_UNKNOWN_ATTRIBUTE" }),
    );
  });

  it("draws itself in every format, before and after a step, or says that there is nothing to see", async () => {
    const env = wrap(make(id), "concat");
    const refusal = (code: string): unknown => expect.objectContaining({ code });
    if (BOARDLESS.test(id)) {
      await env.reset(1);
      expect(() => env.render("svg")).toThrow(refusal("GEM_UNSUPPORTED"));
      return;
    }
    expect(() => env.render("svg")).toThrow(refusal("GEM_RESET_NEEDED"));
    await env.reset(1);
    const formats = ["ansi", "svg"] as const;
    for (const format of formats) expect(await env.render(format)).not.toBe("");
    const before = await env.render("svg");
    expect(before).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(await env.render("svg")).toBe(before);
    expect(env.callMethod("render", ["svg"])).toBe(before);
    await env.step(await env.sampleRandomAction());
    for (const format of formats) expect(await env.render(format)).not.toBe("");
  });
});

/** Something boxed, near to what grammars accept. */
function boxed(): fc.Arbitrary<string> {
  const inner = fc.oneof(
    fc.constantFrom(
      "up",
      "UP",
      "rıght",
      "ſ",
      "K",
      "0",
      "-1",
      "٣",
      "1 2",
      "reveal 1 1",
      "A B",
      "",
      " ",
    ),
    fc.string(),
    fc.integer().map(String),
  );
  return fc
    .tuple(fc.string(), inner, fc.string())
    .map(([before, text, after]) => `${before}\\boxed{${text}}${after}`);
}
