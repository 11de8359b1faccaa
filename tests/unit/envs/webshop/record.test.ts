import { expect, it } from "vitest";
import { goalOf, productOf, searchText } from "../../../../src/envs/webshop/record.ts";

const none = (): readonly string[] => [];

it("reads products of the original files and of preprocessed tables alike", () => {
  const original = productOf(
    {
      asin: "A",
      name: " Lamp ",
      full_description: "Bright",
      small_description: ["Small", ""],
      pricing: "$1,000.50$20",
      customization_options: { "Colour ": [{ value: "Red/Blue", image: "x" }], Size: null },
      Attributes: ["bright"],
      query: "Lamp",
    },
    none,
  );
  const table = productOf(
    {
      asin: "A",
      Title: "Lamp",
      Description: "Bright",
      BulletPoints: '["Small"]',
      Price: "$20.00 to $1000.50",
      options: '{"Colour ": ["Red/Blue"]}',
      Attributes: '["bright"]',
      query: "Lamp",
      Reviews: null,
    },
    none,
  );
  expect(original).toEqual(table);
  expect(original).toMatchObject({
    title: "Lamp",
    bullets: ["Small"],
    price: 20,
    price_text: "$20.00 to $1000.50",
    options: { "colour ": ["red | blue"] },
    query: "lamp",
  });
});

it("finds products by title, description, first bullet and options", () => {
  const product = productOf(
    {
      asin: "A",
      title: "Lamp",
      bullets: [],
      small_description: ["One", "Two"],
      options: { size: ["s", "m"], colour: ["red"] },
    },
    none,
  );
  expect(product && searchText(product)).toBe("lamp  one size: s, m, and colour: red");
});

it("leaves out rows that lack what counts, and fills in the rest", () => {
  expect(productOf({ asin: "A" }, none)).toBeUndefined();
  expect(goalOf({ asin: "A" }, none)).toBeUndefined();
  expect(productOf({ asin: "A", title: "B" }, none)).toMatchObject({
    price: 100,
    price_text: "$100.00",
  });
  const base = { title: "Lamp", category: "c", query: "q", product_category: "p", nouns: ["lamp"] };
  expect(
    goalOf({ asin: "A", instruction: "x", instruction_options: { size: "m" } }, none, base),
  ).toEqual({
    asin: "A",
    category: "c",
    query: "q",
    name: "Lamp",
    product_category: "p",
    instruction_text: "x",
    attributes: [],
    price_upper: 1e9,
    goal_options: ["m"],
    weight: 1,
    nouns: ["lamp"],
  });
});
