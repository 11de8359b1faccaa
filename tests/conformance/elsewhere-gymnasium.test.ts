/** The contract that every `gym:` environment keeps. */
import { testFamilies } from "../fixtures/elsewhere-contract.ts";

testFamilies("gym");
