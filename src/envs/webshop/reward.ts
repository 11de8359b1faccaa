import { token_set_ratio } from "fuzzball";
import { COLOURS } from "./colours.data.ts";
import type { Goal, Product } from "./record.ts";

/** What a purchase earns, and why. */
export interface Verdict {
  /** 0 … 1 */
  readonly reward: number;
  readonly type: number;
  readonly attributes: number;
  readonly options: number;
  readonly price: boolean;
}

/** Texts that are alike by more than this, of 100, count as equal. */
const ALIKE = 85;
/** As thefuzz does without python-Levenshtein. */
const RATIO = { full_process: true, force_ascii: true, ratio_alg: "difflib" } as const;

/** Judges a purchase: how well kind, attributes, options and price fit what was wanted. */
export function judge(product: Product, chosen: readonly string[], goal: Goal): Verdict {
  const type = typeScore(product, goal);
  const attributes = count(goal.attributes, (attribute) => hasAttribute(product, attribute));
  const options = count(goal.goal_options, (option) =>
    chosen.some((value) => areAlike(plainColour(value), plainColour(option))),
  );
  // Differs from upstream D148: a goal without a price limit is met by any price; upstream raises.
  const price = goal.price_upper <= 0 || product.price <= goal.price_upper;
  const parts = goal.attributes.length + goal.goal_options.length + 1;
  const reward = (type * (attributes + options + (price ? 1 : 0))) / parts;
  return { reward, type, attributes, options, price };
}

/** Whether two texts are alike, by thefuzz's `token_set_ratio`. */
export function areAlike(a: string, b: string): boolean {
  return token_set_ratio(a, b, RATIO) > ALIKE;
}

/**
 * The first colour word that a text holds anywhere, else the text.
 *
 * Upstream quirk Q130: parts of words count too, so that `standard` is `tan`.
 */
export function plainColour(text: string): string {
  return COLOURS.find((colour) => text.includes(colour)) ?? text;
}

function hasAttribute(
  { attributes, title, bullets, description }: Product,
  wanted: string,
): boolean {
  return (
    attributes.some((attribute) => areAlike(attribute, wanted)) ||
    [title, bullets.join(" "), description].some((text) => text.toLowerCase().includes(wanted))
  );
}

function typeScore(product: Product, goal: Goal): number {
  const title = nounShare(product.nouns, goal.nouns);
  if (title === 0) return 0;
  if (title < 0.1) return 0.1;
  const isSameKind =
    product.query === goal.query ||
    commonCategories(product.product_category, goal.product_category) >= 2 ||
    title > 0.2;
  return isSameKind ? 1 : 0.5;
}

function nounShare(given: readonly string[], wanted: readonly string[]): number {
  if (wanted.length === 0) return 0.2;
  return count(wanted, (noun) => given.includes(noun)) / wanted.length;
}

function commonCategories(a: string, b: string): number {
  const parts = (text: string): Set<string> => new Set(text.split("›").map((part) => part.trim()));
  const others = parts(b);
  return count([...parts(a)], (part) => others.has(part));
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}
