/** The contract that every `rg:` environment keeps. */
import { testFamilies } from "../fixtures/elsewhere-contract.ts";

testFamilies("rg");
