import type { Env } from "../core/env.ts";
import type { EnvSpec } from "../core/registry.ts";
import { Wrapper } from "../core/wrapper.ts";
import { GemError, didYouMean, show } from "../errors.ts";
import { makeFromSpec, wrap } from "../make.ts";
import { ClientRef } from "../protocol/values.ts";
import { bindDataset } from "./client-dataset.ts";
import { ClientEnv } from "./client-env.ts";
import { ClientObject } from "./client-object.ts";
import { ClientTokenizer } from "./client-tokenizer.ts";
import { bindTools } from "./client-tool.ts";
import type { WorkerContext } from "./context.ts";
import type { BaseSpec, EnvEntry, Options, Stem, WrapperSpec } from "./entry.ts";
import { Group } from "./group.ts";
import { makeProgramEnv } from "./program.ts";

/**
 * Makes an innermost environment.
 *
 * @throws what `make` throws; GEM_UNKNOWN_ENV for a class that no registered environment has
 */
export function makeStem(worker: WorkerContext, base: BaseSpec, options: Options): Stem {
  const group = new Group();
  return { env: makeBase(worker, base, options, group), group, base, options, holders: 0 };
}

function makeBase(worker: WorkerContext, base: BaseSpec, options: Options, group: Group): Env {
  if (typeof base === "string" || "class" in base) {
    const spec =
      typeof base === "string" ? worker.registry.spec(base) : classSpec(worker, base.class);
    return makeFromSpec(spec, bindRows(options, group, spec.id), worker.host);
  }
  if ("program" in base) return makeProgramEnv(worker, base.program, base.id, options);
  const name = Object.keys(options)[0];
  if (name !== undefined) {
    throw new GemError(
      "GEM_UNKNOWN_OPTION",
      `${base.id} is an object of the client and takes no options here, got ${show(name)}.`,
    );
  }
  return new ClientEnv(base.id, new ClientObject(base.object, group, base.id));
}

/** Options whose dataset, where there is one, is asked for through the environment's group. */
function bindRows(options: Options, group: Group, owner: string): Options {
  const { dataset } = options;
  return dataset === undefined
    ? options
    : { ...options, dataset: bindDataset(dataset, group, owner) };
}

/** The class of a registered environment, with its own defaults in place of a variant's options. */
function classSpec(worker: WorkerContext, className: string): EnvSpec {
  const specs = worker.registry.list();
  const spec = specs.find((candidate) => candidate.className === className);
  if (spec !== undefined) return { ...spec, id: className, options: {} };
  const names = new Set(specs.map((candidate) => candidate.className));
  throw new GemError(
    "GEM_UNKNOWN_ENV",
    `No environment has the class ${show(className)}.${didYouMean(className, names)}`,
  );
}

/** Wraps an environment of a stem. @throws what `wrap` throws */
export function wrapEntry(
  stem: Stem,
  env: Env,
  wrapped: readonly WrapperSpec[],
  further: readonly WrapperSpec[],
): EnvEntry {
  let outer = env;
  for (const [name, options] of further) {
    outer = wrap(outer, name, bindOptions(options, stem.group, env.id));
  }
  return { kind: "env", env: outer, stem, wrappers: [...wrapped, ...further] };
}

/** Turns references to the client's objects into objects that are asked through the environment's group. */
function bindOptions(options: Options, group: Group, owner: string): Options {
  const bind = ({ ref }: ClientRef): ClientObject => new ClientObject(ref, group, owner);
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      if (name === "tools") return [name, bindTools(value, bind)];
      if (!(value instanceof ClientRef)) return [name, value];
      const object = bind(value);
      return [name, name === "tokenizer" ? new ClientTokenizer(object) : object];
    }),
  );
}

/** The environment `depth` wrappers below the outermost. @throws GEM_INVALID_ARGUMENT */
export function peel(entry: EnvEntry, depth: unknown): Env {
  let env = entry.env;
  if (depth === 0) return env;
  checkDepth(entry, depth);
  for (let i = 0; i < depth && env instanceof Wrapper; i++) env = env.env;
  return env;
}

/** The wrappers that are left `depth` below the outermost. @throws GEM_INVALID_ARGUMENT */
export function peelWrappers(entry: EnvEntry, depth: unknown): readonly WrapperSpec[] {
  checkDepth(entry, depth);
  return entry.wrappers.slice(0, entry.wrappers.length - depth);
}

function checkDepth(entry: EnvEntry, depth: unknown): asserts depth is number {
  const most = entry.wrappers.length;
  if (typeof depth === "number" && Number.isInteger(depth) && depth >= 0 && depth <= most) return;
  const message = `depth must be an integer from 0 to ${most}, the number of wrappers, got ${show(depth)}.`;
  throw new GemError("GEM_INVALID_ARGUMENT", message);
}
