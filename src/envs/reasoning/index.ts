import type { Env } from "../../core/env.ts";
import { TRAINER_OPTIONS, type Family, type FamilyInit } from "../../core/family.ts";
import { Prompts } from "../../core/prompts.ts";
import { GemError, didYouMean, show } from "../../errors.ts";
import { describeDataset } from "./dataset.ts";
import { DATASETS } from "./datasets.data.ts";
import { reasoningLibrary, type ReasoningLibrary } from "./library.ts";
import { ReasoningGymEnv, type ReasoningPrompts } from "./reasoning-gym.ts";

const PROMPTS = Prompts.define<ReasoningPrompts>({ question: "{question}" });

const DEFAULT_SIZE = 500;
const DEFAULT_SEED = 42n;

/** The family of `rg:*` over a library; it is asked for when an environment is made. */
export function reasoningFamily(library: () => ReasoningLibrary): Family {
  return {
    className: "ReasoningGymEnv",
    variants: Object.fromEntries(Object.keys(DATASETS).map((name) => [`rg:${name}`, { name }])),
    aliases: {},
    optionNames: ["name", "size"],
    promptNames: PROMPTS.names,
    defaultSeed: DEFAULT_SEED,
    create: (init) => create(init, library()),
  };
}

/** Every dataset of reasoning_gym; the library itself is needed when one is reset. */
export const reasoning: readonly Family[] = [reasoningFamily(reasoningLibrary)];

function create({ id, options, prompts, seed, host }: FamilyInit, library: ReasoningLibrary): Env {
  const { name, size = DEFAULT_SIZE, ...given } = options;
  // Differs from upstream D51: a dataset's options are passed on to it; upstream ignores all but size and seed.
  const dataset = describeDataset(id, checkName(id, name), checkSize(id, size), own(name, given));
  const texts = PROMPTS.replace(prompts);
  return new ReasoningGymEnv({ id, options: { dataset }, prompts: texts, seed, host }, library);
}

/** The options that are the dataset's; of those that trainers pass to every environment, only what it takes. */
function own(
  name: unknown,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = DATASETS[String(name)] ?? [];
  const entries = Object.entries(given);
  return Object.fromEntries(
    entries.filter(([option]) => names.includes(option) || !TRAINER_OPTIONS.has(option)),
  );
}

function checkName(owner: string, name: unknown): string {
  if (typeof name === "string" && Object.hasOwn(DATASETS, name)) return name;
  const hint = didYouMean(name, Object.keys(DATASETS));
  throw new GemError(
    "GEM_INVALID_OPTION",
    `The option "name" of ${owner} must be a dataset of reasoning_gym, got ${show(name)}.${hint} gem.print_envs() lists them as rg:*.`,
  );
}

function checkSize(owner: string, size: unknown): number {
  if (typeof size === "number" && Number.isSafeInteger(size) && size >= 1) return size;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `The option "size" of ${owner} must be a positive integer, got ${show(size)}.`,
  );
}
