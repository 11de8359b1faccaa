import type { Env } from "../core/env.ts";
import { DEFAULT_RULES, type FaultRules } from "../core/fault-policy.ts";
import type { EnvSpec } from "../core/registry.ts";
import { GemError, show } from "../errors.ts";
import { makeFromSpec, startOf, systemSeed, wrap } from "../make.ts";
import { ClientRef } from "../protocol/values.ts";
import { itemAt } from "../random/sequence.ts";
import { checkParts, mixtureSpec } from "../vector/mixture.ts";
import { bindDataset } from "./client-dataset.ts";
import { ClientEnv } from "./client-env.ts";
import { ClientObject } from "./client-object.ts";
import { ClientTokenizer } from "./client-tokenizer.ts";
import { bindTools } from "./client-tool.ts";
import type { WorkerContext } from "./context.ts";
import {
  EnvEntry,
  Stem,
  type BaseSpec,
  type MixtureSpec,
  type Options,
  type WrapperSpec,
} from "./entry.ts";
import { Group } from "./group.ts";
import { peelEnv } from "./layers.ts";
import { makeProgramEnv } from "./program.ts";

/**
 * Makes an innermost environment.
 *
 * @throws what `make` throws; GEM_UNKNOWN_ENV for a class that no registered environment has
 */
export function makeStem(worker: WorkerContext, base: BaseSpec, options: Options): Stem {
  const group = new Group();
  const seeded = seedProgram(base, options);
  const env = makeBase(worker, base, seeded, group);
  const drawn = seeded === options ? null : (seeded["seed"] as bigint);
  return new Stem(env, group, base, options, {
    log: worker.log,
    seedOf: (made) => startOf(made) ?? drawn,
    remake: (made, seed) => {
      if (made instanceof ClientEnv && typeof base === "object" && "object" in base) {
        return made
          .spawnObject({})
          .then((object) => makeBase(worker, { ...base, object }, {}, group));
      }
      return makeBase(worker, base, seed === null ? options : { ...options, seed }, group);
    },
  });
}

/** A program's environment starts from a seed that is known, so that another can be made like it. */
function seedProgram(base: BaseSpec, options: Options): Options {
  const { seed } = options;
  const isProgram = typeof base === "object" && "program" in base;
  if (!isProgram || (seed !== undefined && seed !== null)) return options;
  return { ...options, seed: systemSeed() };
}

function makeBase(worker: WorkerContext, base: BaseSpec, options: Options, group: Group): Env {
  if (typeof base === "string" || "class" in base) {
    const spec =
      typeof base === "string" ? worker.registry.spec(base) : worker.registry.classSpec(base.class);
    return makeFromSpec(spec, bindRows(options, group, spec.id), worker.host);
  }
  if ("mixture" in base) {
    return makeFromSpec(mixtureOf(worker, base.mixture, group), options, worker.host);
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

function mixtureOf(worker: WorkerContext, mixture: readonly MixtureSpec[], group: Group): EnvSpec {
  const nameOf = (what: MixtureSpec[0]): string => {
    if (typeof what !== "string") return "class" in what ? what.class : what.id;
    return worker.registry.spec(what).id;
  };
  const parts = checkParts(mixture.map(([what, weight]) => [nameOf(what), weight] as const));
  return mixtureSpec(parts, (part, seed) => {
    const [what, , options] = itemAt(mixture, part);
    const isObject = typeof what === "object" && "object" in what;
    return makeBase(worker, what, isObject ? options : { seed, ...options }, group);
  });
}

/** Options whose dataset, where there is one, is asked for through the environment's group. */
function bindRows(options: Options, group: Group, owner: string): Options {
  const { dataset } = options;
  return dataset === undefined
    ? options
    : { ...options, dataset: bindDataset(dataset, group, owner) };
}

/**
 * Wraps an environment of a stem.
 *
 * @param over the entry whose environment `env` is, so many wrappers below; absent: `env` is the stem's
 * @throws what `wrap` throws
 */
export function wrapEntry(
  stem: Stem,
  env: Env,
  wrapped: readonly WrapperSpec[],
  further: readonly WrapperSpec[],
  { rules = DEFAULT_RULES, over, depth }: EntryOptions = {},
): EnvEntry {
  const around = (inner: Env): Env =>
    further.reduce<Env>(
      (outer, [name, options]) => wrap(outer, name, bindOptions(options, stem.group, inner.id)),
      inner,
    );
  const wrappers = [...wrapped, ...further];
  return new EnvEntry({ stem, env: around(env), wrappers, around, rules, over, depth });
}

/** What `wrapEntry` takes beside the environment and its wrappers. */
interface EntryOptions {
  readonly rules?: FaultRules;
  readonly over?: EnvEntry;
  readonly depth?: number;
}

/** The entry itself, or one for a layer of its environment that is further in. @throws GEM_INVALID_ARGUMENT */
export function layerOf(entry: EnvEntry, depth: unknown): EnvEntry {
  if (depth === 0) return entry;
  const env = peel(entry, depth);
  const wrappers = peelWrappers(entry, depth);
  return wrapEntry(entry.stem, env, wrappers, [], {
    rules: entry.rules,
    over: entry,
    depth: depth as number,
  });
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

/**
 * The environment `depth` wrappers below the outermost.
 *
 * @param isReading whether nothing is changed there
 * @throws GEM_INVALID_ARGUMENT
 */
export function peel(entry: EnvEntry, depth: unknown, isReading = false): Env {
  if (depth === 0) return entry.env;
  checkDepth(entry, depth);
  return peelEnv(entry.env, depth, isReading);
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
