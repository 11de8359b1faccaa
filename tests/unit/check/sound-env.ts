/** An environment that keeps the contract, to be broken in one way at a time. */
import { checkEnv } from "../../../src/check/check-env.ts";
import type { CheckReport } from "../../../src/check/report.ts";
import type { CheckOptions } from "../../../src/check/settings.ts";
import type { ResetResult, StepResult } from "../../../src/core/env.ts";
import { inlineHost } from "../../../src/core/host.ts";
import { Prompts } from "../../../src/core/prompts.ts";
import { SeededEnv, type EnvInit } from "../../../src/core/seeded-env.ts";
import type { MakeOptions } from "../../../src/make.ts";

/** Says a number at each step; a reply is `say` and a digit, anything else costs 0.5. */
export class SoundEnv extends SeededEnv<{ length?: number }> {
  protected state: Record<string, unknown> = { turn_count: 0, said: 0 };

  protected override onReset(): ResetResult {
    this.state = { turn_count: 0, said: this.random.randint(0, 1_000_000) };
    return [`starts with ${String(this.state["said"])}`, { suffix: "?" }];
  }

  protected override onStep(action: string): StepResult {
    const turn = (this.state["turn_count"] as number) + 1;
    this.state = { turn_count: turn, said: this.random.randint(0, 1_000_000) };
    const isOver = turn >= (this.options.length ?? 4);
    if (!/^say \d$/.test(action)) return ["What?", -0.5, isOver, isOver, { turn }];
    return [`says ${String(this.state["said"])}`, 1, isOver, false, { turn, seen: { last: [1] } }];
  }

  protected override drawAction(): string {
    return `say ${String(this.random.randint(0, 9))}`;
  }
}

/** A class of such environments. */
export type SoundEnvClass = new (init: EnvInit<{ length?: number }>) => SoundEnv;

/** Checks a class, whose instances are made with the options. */
export function checkClass(
  envClass: SoundEnvClass,
  options: CheckOptions = {},
): Promise<CheckReport> {
  return checkEnv((given) => instance(envClass, given), options);
}

/** An instance outside any registry. */
export function instance(envClass: SoundEnvClass, { seed, length }: MakeOptions = {}): SoundEnv {
  return new envClass({
    id: "test:Sound-v0",
    options: typeof length === "number" ? { length } : {},
    prompts: Prompts.define<string>({}),
    seed: BigInt(seed ?? 0),
    host: inlineHost,
  });
}

/** The names of the checks that failed. */
export function failures({ checks }: CheckReport): string[] {
  return checks.filter(({ outcome }) => outcome === "failed").map(({ name }) => name);
}

/** What a check said. */
export function detailOf({ checks }: CheckReport, name: string): string {
  return checks.find((check) => check.name === name)?.detail ?? "";
}
