/** The contract that every `rg:` environment keeps. */
import { testHostedFamily } from "../fixtures/hosted-contract.ts";

testHostedFamily("rg");
