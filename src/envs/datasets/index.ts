import { z } from "zod";
import { defineFamily, type Family } from "../../core/family.ts";
import { Prompts } from "../../core/prompts.ts";
import { SANDBOX_TYPES } from "../../tools/python-code/runner.ts";
import { CodeEnv } from "./code-env.ts";
import { CODE_IDS, MATH_IDS, QA_IDS, VISUAL_IDS } from "./ids.data.ts";
import { datasetLibrary, type DatasetLibrary } from "./library.ts";
import { MathEnv } from "./math-env.ts";
import { MathVisualEnv } from "./math-visual-env.ts";
import { checkRows, columnOption, DATASET_OPTIONS, flag } from "./options.ts";
import { QaEnv } from "./qa-env.ts";

const DEFAULT_SEED = 0n;

const AS_IT_IS = Prompts.define({ question: "{question}" });

const QA_PROMPTS = Prompts.define({
  question:
    "Think about the question below first, between <think> and </think>.\n" +
    "Then write your final answer, as short as it can be, between <answer> and </answer>.\n\n" +
    "Question: {question}\n",
});

const MATH_OPTIONS = {
  ...DATASET_OPTIONS,
  question_key: columnOption("problem"),
  answer_key: columnOption("answer"),
  use_format_error_reward: flag,
  eval: flag,
  grading: z
    .enum(["compat", "strict"])
    .default("compat")
    .describe('"compat" (as upstream grades) or "strict" (soundly)'),
  twin: z.number().min(0).max(1).default(0).describe("a share from 0 to 1"),
};

const QA_OPTIONS = {
  ...DATASET_OPTIONS,
  question_key: columnOption("question"),
  answer_key: columnOption("answer"),
  extract_boxed: flag,
};

const seconds = (limit: number) =>
  z
    .number()
    .positive()
    .max(3600)
    .default(limit)
    .describe("a number of seconds above 0, at most 3600");

const count = (number: number) => z.int().min(1).default(number).describe("a positive integer");

const CODE_OPTIONS = {
  ...DATASET_OPTIONS,
  question_key: columnOption("problem"),
  test_key: columnOption("tests"),
  max_workers: count(5),
  max_tests: count(12),
  sandbox_type: z
    .enum(SANDBOX_TYPES)
    .default("auto")
    .describe(`one of ${SANDBOX_TYPES.map((type) => `"${type}"`).join(", ")}`),
  timeout: seconds(10),
  answer_timeout: seconds(120),
};

/** The families of `math:*`, `code:*`, `qa:*`, `logic:*` and `eval:*` over a library; it is asked for when an environment is made. */
export function datasetFamilies(library: () => DatasetLibrary): readonly Family[] {
  const families = [
    defineFamily({
      className: "MathEnv",
      options: MATH_OPTIONS,
      prompts: AS_IT_IS,
      variants: MATH_IDS,
      check: checkRows,
      create: (init) => new MathEnv(init, library()),
    }),
    defineFamily({
      className: "MathVisualEnv",
      options: { ...MATH_OPTIONS, image_key: columnOption("images") },
      prompts: AS_IT_IS,
      variants: VISUAL_IDS,
      check: checkRows,
      create: (init) => new MathVisualEnv(init, library()),
    }),
    defineFamily({
      className: "CodeEnv",
      options: CODE_OPTIONS,
      prompts: AS_IT_IS,
      variants: CODE_IDS,
      check: checkRows,
      create: (init) => new CodeEnv(init, library()),
    }),
    defineFamily({
      className: "QaEnv",
      options: QA_OPTIONS,
      prompts: QA_PROMPTS,
      variants: QA_IDS,
      check: checkRows,
      create: (init) => new QaEnv(init, library()),
    }),
  ];
  return families.map((family) => ({ ...family, defaultSeed: DEFAULT_SEED }));
}

/** Every environment over the rows of a dataset; the rows themselves are needed when one is reset. */
export const datasets: readonly Family[] = datasetFamilies(datasetLibrary);
