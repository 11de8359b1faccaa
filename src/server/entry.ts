import type { Env } from "../core/env.ts";
import type { FaultOutcome } from "../core/fault-counts.ts";
import type { FaultRules } from "../core/fault-policy.ts";
import type { MaybePromise } from "../core/maybe-promise.ts";
import { Origin, Place } from "../core/place.ts";
import { isGemError } from "../errors.ts";
import type { Tool } from "../tools/tool.ts";
import type { VectorEnv } from "../vector/vector-env.ts";
import { ClientEnv } from "./client-env.ts";
import type { Group } from "./group.ts";
import { peelEnv } from "./layers.ts";
import { errorFields, type Log } from "./log.ts";
import type { Shown } from "./shown.ts";

/** Options by name, as they came. */
export type Options = Readonly<Record<string, unknown>>;

/** A client's own program: the interpreter that runs it, and what `gem._host.libraries.program` reads. */
export interface ProgramSpec {
  readonly python: string;
  readonly program: string;
}

/**
 * What to make: a registered id, a class with its own defaults, an object of the client that is an environment, or one of the
 * client's program that is to live in a host process.
 */
export type BaseSpec =
  | string
  | { readonly class: string }
  | { readonly object: number; readonly id: string }
  | { readonly program: ProgramSpec; readonly id: string }
  | { readonly mixture: readonly MixtureSpec[] };

/** One of the environments of a mixture. */
export type MixtureSpec = readonly [
  what: Exclude<BaseSpec, { readonly mixture: unknown }>,
  weight: number,
  options: Options,
];

/** A wrapper's name and options. */
export type WrapperSpec = readonly [name: string, options: Options];

/** How a stem makes and lets go of environments. */
export interface StemKind {
  /** Makes another like `env`. @param seed what its generators start from */
  remake(env: Env, seed: bigint | null): MaybePromise<Env>;
  /** What the generators of one that was made started from; null where nobody knows. */
  seedOf(env: Env): bigint | null;
  readonly log: Log;
}

/** An innermost environment, and what every handle that reaches it shares. After a fault another environment may be in its place. */
export class Stem extends Origin {
  readonly group: Group;
  readonly base: BaseSpec;
  readonly options: Options;
  /** Handles and vectors that hold it. */
  holders = 0;
  /** Called when nothing holds it any more. */
  onFree: (() => void) | undefined;
  /** How often it had been replaced when the client was told last. */
  told = 0;
  readonly #kind: StemKind;

  constructor(env: Env, group: Group, base: BaseSpec, options: Options, kind: StemKind) {
    super(env);
    this.group = group;
    this.base = base;
    this.options = options;
    this.#kind = kind;
  }

  override get seed(): bigint | null {
    return this.#kind.seedOf(this.env);
  }

  override remake(seed: bigint | null): MaybePromise<Env> {
    return this.#kind.remake(this.env, seed);
  }

  override discard(env: Env, running?: Promise<unknown>): void {
    const inner = env.unwrapped;
    if (inner instanceof ClientEnv) inner.detach();
    super.discard(env, running);
  }

  /** Counts a fault; one that no error tells of goes to the log. */
  override note(id: string, outcome: FaultOutcome, error: unknown): void {
    super.note(id, outcome, error);
    if (outcome === "raised") return;
    const level = isGemError(error) && error.code !== "GEM_INTERNAL" ? "info" : "error";
    this.#kind.log(level, "A fault", { id, outcome, ...errorFields(error) });
  }
}

/** What an entry is made of. */
export interface EntryParts {
  readonly stem: Stem;
  readonly env: Env;
  readonly wrappers: readonly WrapperSpec[];
  /** Puts around another environment what is around the one that this entry wraps. */
  readonly around: (env: Env) => Env;
  /** What becomes of its faults where nobody steps it as a part of a vector. */
  readonly rules: FaultRules;
  /** The entry that this one wraps, and how many of its wrappers are left out; absent: the stem. */
  readonly over?: EnvEntry | undefined;
  readonly depth?: number | undefined;
}

/** An environment under a handle: the wrappers around it and what it was made from. */
export class EnvEntry extends Place {
  readonly kind = "env";
  readonly stem: Stem;
  /** From the innermost to the outermost. */
  readonly wrappers: readonly WrapperSpec[];
  readonly rules: FaultRules;
  readonly #around: (env: Env) => Env;

  constructor({ stem, env, wrappers, around, rules, over, depth }: EntryParts) {
    super(stem, env, over, depth);
    this.stem = stem;
    this.wrappers = wrappers;
    this.rules = rules;
    this.#around = around;
  }

  /** The same with something further around it that is no wrapper. */
  surround(around: (env: Env) => Env): EnvEntry {
    const { stem, wrappers, rules } = this;
    return new EnvEntry({ stem, env: around(this.env), wrappers, around, rules, over: this });
  }

  protected override wrapAround(env: Env): Env {
    return this.#around(env);
  }

  protected override peel(env: Env, depth: number): Env {
    return peelEnv(env, depth, true);
  }
}

/** A vector under a handle. */
export interface VectorEntry {
  readonly kind: "vector";
  readonly vector: VectorEnv;
  readonly group: Group;
  /** The members' entries, by position. */
  readonly members: EnvEntry[];
  /** What the client has of their observations. */
  readonly shown: Shown;
}

/** A tool under a handle. */
export interface ToolEntry {
  readonly kind: "tool";
  readonly tool: Tool;
}

/** What a handle stands for. */
export type Entry = EnvEntry | VectorEntry | ToolEntry;
