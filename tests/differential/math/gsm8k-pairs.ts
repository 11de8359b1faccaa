import { readFileSync } from "node:fs";
import type { Pair } from "./math-oracle.ts";
import { Choices } from "./random.ts";

/** The answers to the questions of GSM8K's test split, in their order. */
const GOLDS = JSON.parse(
  readFileSync(new URL("../../fixtures/gsm8k-golds.json", import.meta.url), "utf8"),
) as readonly string[];

/** What models write instead of `18` when they are right, and when they are not. */
const FORMS: readonly ((gold: string, choices: Choices) => string)[] = [
  (gold) => gold,
  (gold) => String(Number(gold) + 1),
  (gold, choices) => String(Number(gold) + choices.integer(-9, 9)),
  (gold) => `${gold}0`,
  (gold) => `${gold}.00`,
  (gold) => `${gold}.5`,
  (gold) => String.raw`\$${gold}`,
  (gold) => `$${gold}`,
  (gold) => `${gold} dollars`,
  (gold) => String.raw`${gold}\text{ eggs}`,
  (gold) => String.raw`${gold}\%`,
  (gold) => String.raw`${gold} \text{ hours}`,
  (gold) => String.raw`\frac{${String(2 * Number(gold))}}{2}`,
  (gold) => String.raw`\frac{${gold}}{3}`,
  (gold) => `x = ${gold}`,
  (gold) => Number(gold).toLocaleString("en-US"),
  (gold) => `-${gold}`,
  (gold, choices) => `${gold} ${choices.of(["miles", "m", "cm", "cents", "apples", "years old"])}`,
  (gold) => `${gold}.`,
  (gold) => `${gold}, ${gold}`,
  (gold) => String.raw`\text{${gold}}`,
  (gold) => `${gold} \\times 2`,
  (gold) => `${gold[0] ?? ""} ${gold.slice(1)}`,
];

/** Right and wrong answers to GSM8K's questions: as many pairs as are asked for. */
export function gsm8kPairs(count: number, seed: number): Pair[] {
  const choices = new Choices(seed);
  return Array.from({ length: count }, (_, i) => {
    const gold = (GOLDS[i % GOLDS.length] ?? "").replaceAll(",", "");
    const shown = choices.isTrue(0.1) ? Number(gold).toLocaleString("en-US") : gold;
    return [choices.of(FORMS)(gold, choices), shown];
  });
}
