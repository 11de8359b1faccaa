import { resolve, join } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { loadDataset } from "../data/load-dataset.ts";
import { buildShop } from "../envs/webshop/build-shop.ts";
import type { SourceRow } from "../envs/webshop/record.ts";
import { SHOP_FILE, shopFolders } from "../envs/webshop/shop.ts";
import { Progress } from "./progress.ts";

/** The options of `gem webshop build`, as written. */
export interface WebshopArguments {
  readonly products: string;
  readonly train: string;
  readonly test: string;
  readonly folder?: string;
}

/** `gem webshop build`: makes the shop's file of products and goals. */
export async function runWebshopBuild(given: WebshopArguments): Promise<void> {
  const folder = resolve(given.folder ?? shopFolders().at(-1) ?? ".");
  const path = join(folder, SHOP_FILE);
  const progress = new Progress(process.stderr);
  progress.say("Reading products and goals");
  try {
    const products = await load(given.products, undefined);
    const train = await load(given.train, "train");
    const test = await load(given.test, "test");
    const source = { products: rows(products), goals: { train: rows(train), test: rows(test) } };
    const total = products.length + train.length + test.length;
    const made = await buildShop(path, source, (now) => {
      const done = now.products + now.train + now.test;
      progress.say("Making the shop", `${done} of ${total} rows`);
    });
    progress.end(
      `${path}: ${made.products} products, ${made.train} goals to train with, ${made.test} to test with.`,
    );
  } catch (error) {
    progress.end("The shop was not made.");
    throw error;
  }
}

/** A dataset; a file of its own has no splits. */
async function load(name: string, split: string | undefined): Promise<Dataset> {
  const isFile = /\.(?:jsonl?|parquet|csv|arrow)(?:\.gz)?$/.test(name);
  return loadDataset({ name, split: isFile ? undefined : split });
}

function* rows(dataset: Dataset): Generator<SourceRow> {
  for (let i = 0; i < dataset.length; i++) yield dataset.at(i);
}
