import type { Env } from "../core/env.ts";
import type { Tool } from "../tools/tool.ts";
import type { VectorEnv } from "../vector/vector-env.ts";
import type { Group } from "./group.ts";

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
  | { readonly program: ProgramSpec; readonly id: string };

/** A wrapper's name and options. */
export type WrapperSpec = readonly [name: string, options: Options];

/** An innermost environment, and what every handle that reaches it shares. */
export interface Stem {
  readonly env: Env;
  readonly group: Group;
  readonly base: BaseSpec;
  readonly options: Options;
  /** Handles and vectors that hold it. */
  holders: number;
}

/** An environment under a handle: the wrappers around it and what it was made from. */
export interface EnvEntry {
  readonly kind: "env";
  readonly env: Env;
  readonly stem: Stem;
  /** From the innermost to the outermost. */
  readonly wrappers: readonly WrapperSpec[];
}

/** A vector under a handle. */
export interface VectorEntry {
  readonly kind: "vector";
  readonly vector: VectorEnv;
  readonly group: Group;
  /** The members' entries, by position. */
  readonly members: EnvEntry[];
}

/** A tool under a handle. */
export interface ToolEntry {
  readonly kind: "tool";
  readonly tool: Tool;
}

/** What a handle stands for. */
export type Entry = EnvEntry | VectorEntry | ToolEntry;
