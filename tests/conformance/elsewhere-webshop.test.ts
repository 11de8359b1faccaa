/** The contract that every web shop keeps, with a few hundred products. */
import { afterAll, beforeAll } from "vitest";
import { testFamilies } from "../fixtures/elsewhere-contract.ts";
import { buildTestShop, removeTestShop } from "../fixtures/webshop.ts";

beforeAll(() => buildTestShop());
afterAll(() => {
  removeTestShop();
});

testFamilies("webshop");
