import { GemError, didYouMean, show } from "../errors.ts";
import type { Env } from "./env.ts";
import type { Family, FamilyInit } from "./family.ts";
import { Prompts } from "./prompts.ts";
import type { EnvInit } from "./seeded-env.ts";

/** A registered id: what makes it, and the options it was registered with. */
export interface EnvSpec {
  readonly id: string;
  readonly className: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly create: (init: FamilyInit) => Env;
  /** What `make` without a seed starts from, where that is not drawn. */
  readonly defaultSeed?: bigint | undefined;
}

/** A user's environment: a class that takes an `EnvInit`. Its options are passed on as they are. */
export type EnvClass = new (init: EnvInit) => Env;

/** Ids in order of registration. */
export class Registry {
  readonly #specs = new Map<string, EnvSpec>();
  readonly #classes = new Map<string, EnvSpec>();

  /** Registers every variant of a family, then its aliases. @throws GEM_DUPLICATE_ENV */
  addFamily(family: Family): void {
    const { className, defaultSeed } = family;
    const create = (init: FamilyInit): Env => family.create(init);
    this.#classes.set(className, { id: className, className, options: {}, create, defaultSeed });
    for (const [id, options] of Object.entries(family.variants)) {
      this.#add({ id, className, options, create, defaultSeed });
    }
    for (const [id, target] of Object.entries(family.aliases)) {
      this.#add({ ...this.spec(target), id });
    }
  }

  /**
   * Registers a user's environment class.
   *
   * @throws GEM_DUPLICATE_ENV when the id is taken, GEM_INVALID_ARGUMENT when it is no non-empty string
   */
  register(id: string, envClass: EnvClass, options: Readonly<Record<string, unknown>> = {}): void {
    if (typeof id !== "string" || id === "") {
      throw new GemError(
        "GEM_INVALID_ARGUMENT",
        `An environment id must be a non-empty string, got ${show(id)}.`,
      );
    }
    const create = (init: FamilyInit): Env =>
      new envClass({ ...init, prompts: Prompts.define<string>({}).replace(init.prompts) });
    this.#add({ id, className: envClass.name, options, create });
  }

  /** @throws GEM_UNKNOWN_ENV, with the nearest id */
  spec(id: string): EnvSpec {
    const spec = this.#specs.get(id);
    if (spec !== undefined) return spec;
    throw new GemError(
      "GEM_UNKNOWN_ENV",
      `Unknown environment ${show(id)}.${didYouMean(id, this.#specs.keys())} gem.print_envs() lists them all.`,
    );
  }

  /** The entry of a built-in class with the class's own defaults. @throws GEM_UNKNOWN_ENV, with the nearest class name */
  classSpec(className: string): EnvSpec {
    const spec = this.#classes.get(className);
    if (spec !== undefined) return spec;
    throw new GemError(
      "GEM_UNKNOWN_ENV",
      `Unknown environment class ${show(className)}.${didYouMean(className, this.#classes.keys())}`,
    );
  }

  /** Whether the id is registered. */
  has(id: string): boolean {
    return this.#specs.has(id);
  }

  /** Every spec, in order of registration. */
  list(): readonly EnvSpec[] {
    return [...this.#specs.values()];
  }

  #add(spec: EnvSpec): void {
    if (this.#specs.has(spec.id)) {
      throw new GemError(
        "GEM_DUPLICATE_ENV",
        `The environment "${spec.id}" is registered already. Choose another id.`,
      );
    }
    this.#specs.set(spec.id, spec);
  }
}
