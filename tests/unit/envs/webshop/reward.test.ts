import { describe, expect, it } from "vitest";
import { goalOf, productOf, type Goal, type Product } from "../../../../src/envs/webshop/record.ts";
import { areAlike, judge, plainColour } from "../../../../src/envs/webshop/reward.ts";
import ratios from "../../../fixtures/webshop-ratios.json" with { type: "json" };

const words = (text: string): string[] => text.toLowerCase().split(" ");

function product(row: Record<string, unknown> = {}): Product {
  const made = productOf(
    {
      asin: "A1",
      name: "leather shoes",
      pricing: "$40",
      Attributes: ["slip resistant"],
      query: "shoes",
      product_category: "A › B › C",
      ...row,
    },
    words,
  );
  if (made === undefined) throw new Error("no product");
  return made;
}

function goal(row: Record<string, unknown> = {}): Goal {
  const made = goalOf(
    {
      asin: "A1",
      instruction: "i want shoes",
      name: "leather shoes",
      query: "shoes",
      product_category: "A › B › C",
      instruction_attributes: ["slip resistant"],
      instruction_options: ["red", "small"],
      price_upper: 50,
      ...row,
    },
    words,
  );
  if (made === undefined) throw new Error("no goal");
  return made;
}

describe("judge", () => {
  it("pays all for what fits in every respect", () => {
    expect(
      judge(
        product(),
        ["small", "dark red"],
        goal({ instruction_options: ["dark green", "small"] }),
      ),
    ).toEqual({ reward: 1, type: 1, attributes: 1, options: 2, price: true });
  });

  it("pays the share of attributes, options and price that fit", () => {
    expect(judge(product(), ["small"], goal()).reward).toBe(3 / 4);
    expect(judge(product({ pricing: "$60" }), [], goal()).reward).toBe(1 / 4);
    expect(
      judge(product(), [], goal({ instruction_attributes: ["leather", "heavy"] })).attributes,
    ).toBe(1);
  });

  it("pays less for another kind of thing", () => {
    const other = { query: "x", product_category: "A › Y" };
    const nine = "shoes a1 a2 a3 a4 a5 a6 a7 a8";
    const eleven = "shoes a1 a2 a3 a4 a5 a6 a7 a8 a9 a10";
    const type = (name: string, row = other): number =>
      judge(product(row), [], goal({ name })).type;
    expect(type("leather boots")).toBe(1);
    expect(type(nine)).toBe(0.5);
    expect(type(eleven)).toBe(0.1);
    expect(type("kettle")).toBe(0);
    expect(type(nine, { query: "shoes", product_category: "" })).toBe(1);
    expect(type(nine, { query: "x", product_category: "B › A" })).toBe(1);
  });

  it("takes a goal without a price limit as met", () => {
    expect(judge(product({ pricing: "$9999" }), [], goal({ price_upper: 0 })).price).toBe(true);
  });
});

it("maps texts to the first colour word that they contain", () => {
  expect(plainColour("dark red")).toBe("dark");
  expect(plainColour("standard")).toBe("tan");
  expect(plainColour("xl")).toBe("xl");
});

/** What `tests/differential/record_ratios.py` recorded. */
const recorded = ratios as [a: string, b: string, score: number][];

it("compares texts as thefuzz does", () => {
  const differing = recorded.filter(([a, b, score]) => areAlike(a, b) !== score > 85);
  expect(differing).toEqual([]);
  expect(recorded.filter(([, , score]) => score > 85).length).toBeGreaterThan(50);
});
