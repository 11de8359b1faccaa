import { GemError } from "../errors.ts";
import type { Env } from "./env.ts";
import { parseOptions, type OptionShape, type OptionValues } from "./options.ts";
import type { Prompts } from "./prompts.ts";
import type { EnvInit } from "./seeded-env.ts";

/** One kind of environment with all its registered variants. */
export interface Family {
  /** Upstream's class name, for example `GuessTheNumberEnv`. */
  readonly className: string;
  /** Registered id → its options. */
  readonly variants: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Further id → the id it stands for. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly optionNames: readonly string[];
  readonly promptNames: readonly string[];
  /** What `make` without a seed starts from, where that is not drawn. */
  readonly defaultSeed?: bigint | undefined;
  /**
   * Makes an environment of `id` with `options` (the variant's, overridden by the caller's).
   *
   * @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION, GEM_INVALID_PROMPT
   */
  create(init: FamilyInit): Env;
}

/** What a family creates an environment from; options are not checked yet. */
export interface FamilyInit {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly prompts: unknown;
  readonly seed: bigint;
  readonly host: EnvInit["host"];
}

/** A family before its types are erased. */
export interface FamilyDefinition<Shape extends OptionShape, PromptName extends string> {
  readonly className: string;
  readonly options: Shape;
  readonly prompts: Prompts<PromptName>;
  readonly variants: Readonly<Record<string, Partial<OptionValues<Shape>>>>;
  readonly aliases?: Readonly<Record<string, string>>;
  /** A sentence that says what is wrong with options that are each right, or undefined. */
  readonly check?: (options: OptionValues<Shape>) => string | undefined;
  readonly create: (init: EnvInit<OptionValues<Shape>, PromptName>) => Env;
}

/**
 * Keyword arguments that some upstream environment takes. Trainers pass one set of them to every environment, so an
 * environment that has no use for one of these ignores it. Differs from upstream D12: any other unknown option is an error.
 */
export const TRAINER_OPTIONS: ReadonlySet<string> = new Set([
  "dataset",
  "dataset_name",
  "eval",
  "extract_boxed",
  "load_from_cache_file",
  "max_turns",
  "question_key",
  "answer_key",
  "room_size",
  "size",
  "split",
  "use_mp",
  "verbose",
]);

/** Options that `make` takes for every environment. */
const MAKE_OPTIONS = ["seed", "prompts"] as const;

/** Defines a family: checks options against their schemas and fills in prompts before the constructor runs. */
export function defineFamily<const Shape extends OptionShape, PromptName extends string>(
  definition: FamilyDefinition<Shape, PromptName>,
): Family {
  return {
    className: definition.className,
    variants: definition.variants,
    aliases: definition.aliases ?? {},
    optionNames: Object.keys(definition.options),
    promptNames: definition.prompts.names,
    create(init) {
      const options = parseOptions(
        init.id,
        definition.options,
        init.options,
        TRAINER_OPTIONS,
        MAKE_OPTIONS,
      );
      const complaint = definition.check?.(options);
      if (complaint !== undefined)
        throw new GemError("GEM_INVALID_OPTION", `${init.id}: ${complaint}`);
      const prompts = definition.prompts.replace(init.prompts);
      return definition.create({ id: init.id, options, prompts, seed: init.seed, host: init.host });
    },
  };
}
