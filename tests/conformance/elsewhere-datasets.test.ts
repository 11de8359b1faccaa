/** The contract that every environment over a dataset keeps, on a few rows of its form. */
import { testFamilies } from "../fixtures/elsewhere-contract.ts";

testFamilies("math", "code", "qa", "logic", "eval");
