/** The contract that every `gym:` environment keeps. */
import { testHostedFamily } from "../fixtures/hosted-contract.ts";

testHostedFamily("gym");
