import { z } from "zod";
import type { OptionValues } from "../../core/options.ts";

const text = z.string().nullish().describe("a text");

/** Options that all dataset environments take: which rows. */
export const DATASET_OPTIONS: {
  readonly dataset: z.ZodType;
  readonly dataset_name: z.ZodType<string>;
  readonly split: z.ZodType<string | null | undefined>;
  readonly config: z.ZodType<string | null | undefined>;
  readonly revision: z.ZodType<string | null | undefined>;
} = {
  dataset: z.unknown(),
  dataset_name: z
    .string()
    .default("")
    .describe("a repository of the Hugging Face hub, or the path of a file or folder"),
  split: text,
  config: text,
  revision: text,
};

/** Which rows an environment shows. */
export type RowOptions = OptionValues<typeof DATASET_OPTIONS>;

/** What `DatasetEnv` needs of its options. */
export interface DatasetOptions extends RowOptions {
  readonly question_key: string;
}

/** The name of a column. */
export function columnOption(name: string): z.ZodType<string> {
  return z.string().min(1).default(name).describe("the name of a column");
}

/** A sentence that says what is wrong with the options, or undefined. */
export function checkRows({ dataset, dataset_name }: RowOptions): string | undefined {
  if (dataset_name !== "" || (dataset !== undefined && dataset !== null)) return undefined;
  return 'it needs rows: dataset_name="…" (a repository of the Hugging Face hub, or a path), or dataset=….';
}

/** An option that is true or false. */
export const flag: z.ZodType<boolean> = z.boolean().default(false).describe("true or false");
