import { z } from "zod";

/** What the shop sells. */
export interface Product {
  readonly asin: string;
  readonly title: string;
  readonly description: string;
  readonly bullets: readonly string[];
  /** What it costs, in dollars; of a range the lowest. */
  readonly price: number;
  readonly price_text: string;
  readonly rating: string;
  readonly reviews: readonly string[];
  /** Values by option, in small letters. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly attributes: readonly string[];
  readonly category: string;
  readonly query: string;
  readonly product_category: string;
  /** The nouns of the title, in small letters. */
  readonly nouns: readonly string[];
}

/** What a customer wants. */
export interface Goal {
  readonly asin: string;
  readonly category: string;
  readonly query: string;
  readonly name: string;
  readonly product_category: string;
  readonly instruction_text: string;
  readonly attributes: readonly string[];
  /** The most that it may cost; 0 or less: no limit. */
  readonly price_upper: number;
  readonly goal_options: readonly string[];
  readonly weight: number;
  /** The nouns of the name, in small letters. */
  readonly nouns: readonly string[];
}

/** A row of a dataset, whose columns have the names of WebShop's files or of its preprocessed tables. */
export type SourceRow = Readonly<Record<string, unknown>>;

/** What a product costs that names no price. */
const DEFAULT_PRICE = 100;
/** No price of the shop is as high. */
const NO_LIMIT = 1e9;

/** Reads a product; undefined for a row without asin or title. */
export function productOf(
  row: SourceRow,
  nounsOf: (text: string) => readonly string[],
): Product | undefined {
  const asin = text(row, "asin");
  const title = text(row, "Title", "title", "name");
  if (asin === "" || title === "") return undefined;
  const prices = pricesOf(field(row, "pricing", "Price", "price"));
  const [low = DEFAULT_PRICE, high = low] = prices;
  return {
    asin,
    title,
    description: text(row, "Description", "description", "full_description"),
    bullets: texts(field(row, "BulletPoints", "bullet_points", "small_description")),
    price: low,
    price_text: high > low ? `$${money(low)} to $${money(high)}` : `$${money(low)}`,
    rating: text(row, "Rating", "rating", "average_rating") || "N.A.",
    reviews: texts(field(row, "Reviews", "reviews", "customer_reviews")),
    options: optionsOf(field(row, "options", "customization_options")),
    attributes: texts(field(row, "Attributes", "attributes")),
    category: text(row, "category"),
    query: text(row, "query").toLowerCase(),
    product_category: text(row, "product_category"),
    nouns: nounsOf(title),
  };
}

/** What of a product a goal takes over where its own row says nothing. */
export type GoalBase = Pick<Product, "title" | "category" | "query" | "product_category" | "nouns">;

const NO_PRODUCT: GoalBase = {
  title: "",
  category: "",
  query: "",
  product_category: "",
  nouns: [],
};

/** Reads a goal; undefined for a row without asin or instruction. */
export function goalOf(
  row: SourceRow,
  nounsOf: (text: string) => readonly string[],
  base: GoalBase = NO_PRODUCT,
): Goal | undefined {
  const asin = text(row, "asin");
  const instruction = text(row, "instruction_text", "instruction");
  if (asin === "" || instruction === "") return undefined;
  const name = text(row, "name") || base.title;
  return {
    asin,
    category: text(row, "category") || base.category,
    query: text(row, "query").toLowerCase() || base.query,
    name,
    product_category: text(row, "product_category") || base.product_category,
    instruction_text: instruction,
    attributes: texts(field(row, "attributes", "instruction_attributes")),
    price_upper: number(field(row, "price_upper"), NO_LIMIT),
    // Differs from upstream D147: a map of options is read as its values; upstream compares pairs.
    goal_options: texts(field(row, "goal_options", "instruction_options")),
    weight: number(field(row, "weight"), 1),
    nouns: name === base.title ? base.nouns : nounsOf(name),
  };
}

/** The text that search looks through. */
export function searchText({ title, description, bullets, options }: Product): string {
  const listed = Object.entries(options).map(([name, values]) => `${name}: ${values.join(", ")}`);
  return [title, description, bullets[0] ?? "", listed.join(", and ")].join(" ").toLowerCase();
}

const PRODUCT = z.custom<Product>((value) => isObjectWith(value, "asin"));
const GOAL = z.custom<Goal>((value) => isObjectWith(value, "instruction_text"));

/** A product as it was stored. */
export function storedProduct(json: string): Product {
  return PRODUCT.parse(JSON.parse(json));
}

/** A goal as it was stored. */
export function storedGoal(json: string): Goal {
  return GOAL.parse(JSON.parse(json));
}

function isObjectWith(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}

/** The first of these columns that says something; text that is JSON is read. */
function field(row: SourceRow, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = decoded(row[name]);
    if (value !== null && value !== undefined && value !== "") return value;
  }
  return undefined;
}

function decoded(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function text(row: SourceRow, ...names: readonly string[]): string {
  const value = field(row, ...names);
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return Array.isArray(value) ? texts(value).join(" ") : "";
}

function number(value: unknown, otherwise: number): number {
  const result = typeof value === "number" || typeof value === "bigint" ? Number(value) : NaN;
  return Number.isFinite(result) ? result : otherwise;
}

/** The texts of a list, or of a map's values; of an item that is a map its `value`, or all that it says. */
function texts(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((item: unknown): string[] => {
    if (typeof item === "string") return item.trim() === "" ? [] : [item.trim()];
    if (typeof item === "number" || typeof item === "bigint") return [String(item)];
    if (typeof item !== "object" || item === null) return [];
    if ("value" in item) return [...texts(item.value)];
    const words = texts(item).join(" ");
    return words === "" ? [] : [words];
  });
}

function optionsOf(value: unknown): Readonly<Record<string, readonly string[]>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).map(([name, values]): [string, readonly string[]] => [
    name.toLowerCase(),
    // A slash would end a part of an address, and actions are read in small letters.
    [...new Set(texts(values).map((item) => item.replaceAll("/", " | ").toLowerCase()))],
  ]);
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0));
}

/** The lowest and the highest price that a value names. */
function pricesOf(value: unknown): readonly number[] {
  const words =
    typeof value === "string"
      ? [value]
      : typeof value === "number"
        ? [String(value)]
        : texts(value);
  const numbers = words
    .flatMap((word) => word.match(/\d[\d,]*(?:\.\d+)?/g) ?? [])
    .map((word) => Number(word.replaceAll(",", "")));
  return numbers.length === 0 ? [] : [Math.min(...numbers), Math.max(...numbers)];
}

function money(amount: number): string {
  return amount.toFixed(2);
}
