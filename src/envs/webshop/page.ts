import type { Goal, Product } from "./record.ts";
import type { Verdict } from "./reward.ts";

/** One thing on a page, in the order in which it is seen. */
export type Piece =
  | { readonly kind: "heading" | "text" | "hidden"; readonly text: string }
  /** What the customer wants, and the word before it. */
  | { readonly kind: "instruction"; readonly text: string }
  | { readonly kind: "search_box" }
  | { readonly kind: "button"; readonly label: string }
  | { readonly kind: "product"; readonly asin: string }
  | { readonly kind: "option"; readonly name: string; readonly value: string };

/** The parts of an item that have pages of their own. */
export const SUB_PAGES = ["description", "features", "reviews", "attributes"] as const;

/** One of these parts. */
export type SubPage = (typeof SUB_PAGES)[number];

/** Where the customer is. */
export type Place =
  | { readonly kind: "search" | "done" }
  | { readonly kind: "results"; readonly page: number }
  | { readonly kind: "item" }
  | { readonly kind: "sub_page"; readonly name: SubPage };

/** Products on a page of results. */
export const PAGE_PRODUCTS = 10;

/** The labels of buttons; they are the contract between pages and actions. */
export const LABEL = {
  search: "Search",
  back: "Back to Search",
  next: "Next >",
  previous: "< Prev",
  buy: "Buy Now",
  description: "Description",
  features: "Features",
  reviews: "Reviews",
  attributes: "Attributes",
} as const;

const button = (label: string): Piece => ({ kind: "button", label });
const text = (words: string): Piece => ({ kind: "text", text: words });
const hidden = (words: string): Piece => ({ kind: "hidden", text: words });

/** What every page begins with. */
function top(instruction: string): Piece[] {
  return [
    { kind: "heading", text: "WebShop" },
    { kind: "instruction", text: instruction },
  ];
}

/** The page with the search box. */
export function searchPage(instruction: string): Piece[] {
  return [...top(instruction), { kind: "search_box" }, button(LABEL.search)];
}

/** A page of results: the products on it, its number and how many products there are in all. */
export function resultsPage(
  instruction: string,
  shown: readonly Product[],
  page: number,
  total: number,
): Piece[] {
  return [
    ...top(instruction),
    button(LABEL.back),
    text(`Page ${page} (Total results: ${total})`),
    ...(page > 1 ? [button(LABEL.previous)] : []),
    button(LABEL.next),
    ...shown.flatMap(({ asin, title, price_text }): Piece[] => [
      { kind: "product", asin },
      text(title),
      text(price_text),
    ]),
  ];
}

/** A product's own page. */
export function itemPage(instruction: string, product: Product, showAttributes: boolean): Piece[] {
  const options = Object.entries(product.options).flatMap(([name, values]): Piece[] => [
    text(name),
    ...values.map((value): Piece => ({ kind: "option", name, value })),
  ]);
  const parts = [LABEL.description, LABEL.features, LABEL.reviews];
  return [
    ...top(instruction),
    button(LABEL.back),
    button(LABEL.previous),
    ...options,
    { kind: "heading", text: product.title },
    text(`Price: ${product.price_text}`),
    text(`Rating: ${product.rating}`),
    ...parts.map(button),
    ...(showAttributes ? [button(LABEL.attributes)] : []),
    button(LABEL.buy),
  ];
}

/** A page with one part of what is known of a product. */
export function subPage(instruction: string, product: Product, name: SubPage): Piece[] {
  const words: Record<SubPage, readonly string[]> = {
    description: [product.description],
    features: product.bullets,
    reviews: product.reviews,
    attributes: [...product.attributes, product.category, product.query, product.product_category],
  };
  return [
    ...top(instruction),
    button(LABEL.back),
    button(LABEL.previous),
    ...words[name].filter((line) => line !== "").map(text),
  ];
}

/** The page after a purchase: the customer sees its score; what it comes from is hidden in HTML. */
export function donePage(
  product: Product,
  options: Readonly<Record<string, string>>,
  goal: Goal,
  { reward, ...details }: Verdict,
): Piece[] {
  const { asin, attributes, category, query, product_category } = product;
  const bought = { asin, options, attributes, category, query, product_category };
  const wanted = {
    asin: goal.asin,
    options: goal.goal_options,
    attributes: goal.attributes,
    category: goal.category,
    query: goal.query,
    product_category: goal.product_category,
    price_upper: goal.price_upper,
    instruction: goal.instruction_text,
  };
  return [
    { kind: "heading", text: "Thank you for your order!" },
    text("Your code:"),
    text("None"),
    hidden("Purchased"),
    hidden(JSON.stringify(bought)),
    hidden("Wanted"),
    hidden(JSON.stringify(wanted)),
    hidden("Details"),
    hidden(JSON.stringify(details)),
    { kind: "heading", text: "Your score (from 0.0 to 1.0)" },
    text(Number.isInteger(reward) ? reward.toFixed(1) : String(reward)),
  ];
}

/** What can be clicked: labels in small letters, products after buttons, values of options last. */
export function clickables(pieces: readonly Piece[]): readonly string[] {
  const labels = pieces.flatMap((piece) => (piece.kind === "button" ? [piece.label] : []));
  const asins = pieces.flatMap((piece) => (piece.kind === "product" ? [piece.asin] : []));
  const values = pieces.flatMap((piece) => (piece.kind === "option" ? [piece.value] : []));
  return [...[...labels, ...asins].map((label) => label.toLowerCase()), ...values];
}

/** Whether there is something to type a query into. */
export function hasSearchBox(pieces: readonly Piece[]): boolean {
  return pieces.some(({ kind }) => kind === "search_box");
}
