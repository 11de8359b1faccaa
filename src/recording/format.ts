/** The lines of a recording (`docs/recording.md`). */

/** The version of the format; readers refuse others. */
export const FORMAT_VERSION = 1;

/** What every line of an environment has; `env` is unique within the file. */
interface OfEnv {
  readonly env: string;
  /** Milliseconds since the writer began. */
  readonly at: number;
}

/** The first line of each writer. */
export interface HeaderLine {
  readonly kind: "header";
  readonly format: number;
  readonly package: string;
  readonly writer: string;
  readonly pid: number;
  readonly worker: string;
  readonly node: string;
  readonly platform: string;
  readonly time: string;
}

/** An environment was made. */
export interface EnvLine extends OfEnv {
  readonly kind: "env";
  /** What it was made of: an id, `{class}`, `{object, id}` or `{program, id}`. */
  readonly what: unknown;
  readonly id: string;
  readonly options: unknown;
  readonly wrappers: unknown;
  /** What its generators started from, in decimal; null where the environment's kind fixes that. */
  readonly seed: string | null;
  /** Its position among those made by the same call. */
  readonly slot: number;
}

/** What was seen: a hash, and the whole where that was asked for. */
interface Seen {
  /** 16 hexadecimal digits; null where the observation is an object of the client. */
  readonly hash: string | null;
  readonly observation?: unknown;
  /** How long it took, where it had to be waited for. */
  readonly ms?: number;
}

/** An episode began. */
export interface BeginLine extends OfEnv, Seen {
  readonly kind: "begin";
  /** Of this environment, from 0. */
  readonly episode: number;
  /** The seed given to `reset`, in decimal; null: the generators went on. */
  readonly seed: string | null;
  readonly options?: unknown;
  /** The whole state before the reset. */
  readonly state?: string;
}

/** One action and what it led to. */
export interface StepLine extends OfEnv, Seen {
  readonly kind: "step";
  /** Within the episode, from 1. */
  readonly t: number;
  readonly action: string | null;
  readonly reward: number | string;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** A random action was drawn, from the environment's own generator. */
export interface SampleLine extends OfEnv {
  readonly kind: "sample";
  readonly action: string;
}

/** The state was replaced. */
export interface StateLine extends OfEnv {
  readonly kind: "state";
  readonly state: string;
}

/** An attribute was assigned. */
export interface SetLine extends OfEnv {
  readonly kind: "set";
  readonly name: string;
  readonly value: unknown;
}

/** A method was called. */
export interface CallLine extends OfEnv {
  readonly kind: "call";
  readonly method: string;
  readonly args: unknown;
}

/** A call failed, and where the environment stands since is not known. */
export interface FaultLine extends OfEnv {
  readonly kind: "fault";
  readonly during: string;
  readonly code: string;
  readonly message: string;
}

/** The environment was closed. */
export interface CloseLine extends OfEnv {
  readonly kind: "close";
}

/** Any line. */
export type Line =
  | HeaderLine
  | EnvLine
  | BeginLine
  | StepLine
  | SampleLine
  | StateLine
  | SetLine
  | CallLine
  | FaultLine
  | CloseLine;
