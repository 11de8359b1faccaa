/** Environments that break one promise each; the name of each is what it does. */
import type {
  EnvPhase,
  EnvSnapshot,
  ResetResult,
  Seed,
  StepResult,
} from "../../../src/core/env.ts";
import type { MaybePromise } from "../../../src/core/maybe-promise.ts";
import { GemError } from "../../../src/errors.ts";
import { SoundEnv, type SoundEnvClass } from "./sound-env.ts";

class IsUnavailable extends SoundEnv {
  override reset(): ResetResult {
    throw new GemError("GEM_UNAVAILABLE", "The board could not be fetched.");
  }
}

class RewardsWithText extends SoundEnv {
  override onStep(action: string): StepResult {
    const [observation, reward, ...rest] = super.onStep(action);
    return [observation, String(reward) as unknown as number, ...rest];
  }
}

class FlagsWithNumbers extends SoundEnv {
  override onStep(action: string): StepResult {
    const [observation, reward, terminated, ...rest] = super.onStep(action);
    return [observation, reward, Number(terminated) as unknown as boolean, ...rest];
  }
}

class ObservesNumbers extends SoundEnv {
  override onReset(): ResetResult {
    return [super.onReset()[0].length as string, {}];
  }
}

class InformsOfADate extends SoundEnv {
  override onStep(action: string): StepResult {
    const [observation, reward, terminated, truncated, info] = super.onStep(action);
    return [observation, reward, terminated, truncated, { ...info, at: [new Date(0)] }];
  }
}

class ReusesItsInfo extends SoundEnv {
  readonly #info: Record<string, unknown> = {};

  override onStep(action: string): StepResult {
    const [observation, reward, terminated, truncated] = super.onStep(action);
    return [observation, reward, terminated, truncated, this.#info];
  }
}

class FreezesItsInfo extends SoundEnv {
  override onStep(action: string): StepResult {
    const [observation, reward, terminated, truncated, info] = super.onStep(action);
    return [observation, reward, terminated, truncated, Object.freeze(info)];
  }
}

class ThrowsAtLongReplies extends SoundEnv {
  override onStep(action: string): StepResult {
    if (action.length > 100_000) throw new RangeError("too long");
    return super.onStep(action);
  }
}

class ThrowsAtNull extends SoundEnv {
  override step(action: string | null): MaybePromise<StepResult> {
    if (action === null) throw new GemError("GEM_INVALID_ACTION", "null is no action.");
    return super.step(action);
  }
}

class ThrowsAtWhatItCannotRead extends SoundEnv {
  override onStep(action: string): StepResult {
    if (!action.startsWith("say")) throw new Error("say something");
    return super.onStep(action);
  }
}

class DrawsFromElsewhereOnce extends SoundEnv {
  override onReset(): ResetResult {
    super.onReset();
    this.state["said"] = Math.random();
    return [`starts with ${String(this.state["said"])}`, {}];
  }
}

class RestartsWithoutASeed extends SoundEnv {
  #seed: Seed = 0;

  override reset(seed?: Seed | null): MaybePromise<ResetResult> {
    this.#seed = seed ?? this.#seed;
    return super.reset(this.#seed);
  }
}

class DrawsFromElsewhereWithoutASeed extends SoundEnv {
  override reset(seed?: Seed | null): MaybePromise<ResetResult> {
    return super.reset(seed ?? Math.floor(Math.random() * 2 ** 40));
  }
}

let lastSeed = -1n;

class LooksAtItsNeighbours extends SoundEnv {
  #hasStepped = false;

  override setState(snapshot: EnvSnapshot): void {
    super.setState(snapshot);
    this.#hasStepped = false;
  }

  override onStep(action: string): StepResult {
    const isCutShort = this.#hasStepped && lastSeed !== this.stream.seed;
    lastSeed = this.stream.seed;
    this.#hasStepped = true;
    const [observation, ...rest] = super.onStep(action);
    return [isCutShort ? "Where was I?" : observation, ...rest];
  }
}

class SharesItsStateWithCopies extends SoundEnv {
  override onReset(): ResetResult {
    const result = super.onReset();
    this.state["turns"] = [];
    return result;
  }

  override onStep(action: string): StepResult {
    const turns = this.state["turns"] as number[];
    turns.push(turns.length);
    const [observation, ...rest] = super.onStep(action);
    this.state["turns"] = turns;
    return [`${String(observation)} in turn ${turns.length}`, ...rest];
  }

  override getState(): EnvSnapshot {
    return { ...super.getState(), state: this.state };
  }

  override setState(snapshot: EnvSnapshot): void {
    this.state = snapshot["state"] as Record<string, unknown>;
    super.setState(snapshot);
    this.state = snapshot["state"] as Record<string, unknown>;
  }
}

class KeepsADateInItsState extends SoundEnv {
  override getState(): EnvSnapshot {
    return { ...super.getState(), taken: new Date(0) };
  }
}

class OffersWhatItCannotRead extends SoundEnv {
  override drawAction(): string {
    return `shout ${super.drawAction()}`;
  }
}

class OffersNumbers extends SoundEnv {
  override drawAction(): string {
    return this.random.randint(0, 9) as unknown as string;
  }
}

class FailsToOffer extends SoundEnv {
  override drawAction(): string {
    throw new TypeError("no action comes to mind");
  }
}

class StepsBeforeAReset extends SoundEnv {
  override step(action: string | null): MaybePromise<StepResult> {
    return this.phase === "new" ? this.onStep("") : super.step(action);
  }
}

class ClosesOnce extends SoundEnv {
  #isClosed = false;

  override close(): MaybePromise<void> {
    if (this.#isClosed) throw new Error("closed already");
    this.#isClosed = true;
    return super.close();
  }
}

class GoesOnAfterClose extends SoundEnv {
  override get phase(): EnvPhase {
    return super.phase === "closed" ? "ready" : super.phase;
  }

  override step(action: string | null): MaybePromise<StepResult> {
    return super.phase === "closed" ? this.onStep("") : super.step(action);
  }
}

class RewardsWithInfinity extends SoundEnv {
  override onStep(action: string): StepResult {
    const [observation, reward, ...rest] = super.onStep(action);
    return [observation, action === "say 3" ? -Infinity : reward, ...rest];
  }
}

class RewardsWithNaN extends SoundEnv {
  override onStep(action: string): StepResult {
    const [observation, reward, ...rest] = super.onStep(action);
    return [observation, action === "say 7" ? Number.NaN : reward, ...rest];
  }
}

class KeepsTooMuch extends SoundEnv {
  readonly kept = new Uint8Array(100_000).fill(1);
}

/** An environment, the one check that it fails, and what that says. */
export type BrokenCase = readonly [envClass: SoundEnvClass, check: string, detail: RegExp];

/** Every broken environment. */
export const BROKEN: readonly BrokenCase[] = [
  [IsUnavailable, "start", /^GEM_UNAVAILABLE: The board could not be fetched\.$/],
  [RewardsWithText, "types", /reward must be a number, it is "1"/],
  [FlagsWithNumbers, "types", /terminated must be true or false, it is 0/],
  [ObservesNumbers, "types", /observation must be a text or an object, it is \d+/],
  [InformsOfADate, "types", /plain builtins only: info\.at\[0\] is a Date/],
  [ReusesItsInfo, "types", /info must be a fresh object/],
  [FreezesItsInfo, "types", /info must be the caller's to change/],
  [ThrowsAtLongReplies, "garbage", /\(1 MB of one letter\) .* threw RangeError: too long/],
  [ThrowsAtNull, "garbage", /\(null\) .* GEM_INVALID_ACTION: null is no action/],
  [ThrowsAtWhatItCannotRead, "garbage", /\(no answer\) .* Error: say something/],
  [DrawsFromElsewhereOnce, "determinism", /^Seed 1: two runs must go the same way, but entry 1/],
  [RestartsWithoutASeed, "unseeded", /8 times it was the episode of reset\(1\) again/],
  [DrawsFromElsewhereWithoutASeed, "unseeded", /must go the same way twice, but entry 7/],
  [
    LooksAtItsNeighbours,
    "vector",
    /must not depend on its neighbours.*alone.*says.*in the vector.*Where was I/,
  ],
  [SharesItsStateWithCopies, "fork", /untouched by it, but entry 1 .* in turn /],
  [KeepsADateInItsState, "state", /must be plain data, but state\.taken is a Date/],
  [OffersWhatItCannotRead, "random_action", /"shout say \d" is answered as a reply that cannot/],
  [OffersNumbers, "random_action", /It must be a text, it is \d/],
  [FailsToOffer, "random_action", /TypeError: no action comes to mind/],
  [StepsBeforeAReset, "before_reset", /step\(\) must be refused with GEM_RESET_NEEDED, but it was/],
  [ClosesOnce, "closing_twice", /^Error: closed already$/],
  [
    GoesOnAfterClose,
    "after_close",
    /step\(\) must be refused with GEM_CLOSED, but it was answered/,
  ],
  [RewardsWithInfinity, "rewards", /finite, but one was -Infinity for "say 3"/],
  [RewardsWithNaN, "rewards", /finite, but one was NaN for "say 7"/],
  [KeepsTooMuch, "memory", /must keep at most 50000 bytes, it keeps 10\d{4} bytes each/],
];
