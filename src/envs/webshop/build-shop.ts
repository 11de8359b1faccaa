import { setImmediate as turn } from "node:timers/promises";
import { GemError } from "../../errors.ts";
import { loadNouns } from "./nouns.ts";
import { goalOf, productOf, type GoalBase, type SourceRow } from "./record.ts";
import { ShopWriter, type Split } from "./shop-file.ts";

/** What a shop's file is made from. */
export interface ShopSource {
  readonly products: Iterable<SourceRow>;
  readonly goals: Readonly<Record<Split, Iterable<SourceRow>>>;
}

/** How far the making is. */
export interface ShopProgress {
  readonly products: number;
  readonly train: number;
  readonly test: number;
}

const PAUSE_EVERY = 200;

/**
 * Makes a shop's file; rows without asin, title or instruction are left out.
 *
 * @throws GEM_INVALID_OPTION when no product or no goal can be read
 */
export async function buildShop(
  path: string,
  { products, goals }: ShopSource,
  onProgress: (progress: ShopProgress) => void = () => undefined,
): Promise<ShopProgress> {
  const nounsOf = await loadNouns();
  const writer = new ShopWriter(path);
  const bases = new Map<string, GoalBase>();
  const rest = async (count: number): Promise<void> => {
    if (count % PAUSE_EVERY !== 0) return;
    onProgress(writer.counts);
    await turn();
  };
  try {
    for (const row of products) {
      const product = productOf(row, nounsOf);
      if (product === undefined || bases.has(product.asin)) continue;
      const { title, category, query, product_category, nouns } = product;
      bases.set(product.asin, { title, category, query, product_category, nouns });
      writer.addProduct(product);
      await rest(bases.size);
    }
    for (const split of ["train", "test"] as const) {
      for (const row of goals[split]) {
        const goal = goalOf(row, nounsOf, bases.get(String(row["asin"])));
        if (goal === undefined) continue;
        writer.addGoal(split, goal);
        await rest(writer.counts[split]);
      }
    }
    const { counts } = writer;
    if (counts.products === 0 || counts.train + counts.test === 0) {
      throw new GemError(
        "GEM_INVALID_OPTION",
        "No shop can be made of these rows: products need asin and title (or name), goals asin and instruction_text (or instruction).",
      );
    }
    writer.finish();
    return counts;
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
