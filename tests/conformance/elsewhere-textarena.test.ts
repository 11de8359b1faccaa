/** The contract that every `ta:` environment keeps. */
import { testFamilies } from "../fixtures/elsewhere-contract.ts";

testFamilies("ta");
