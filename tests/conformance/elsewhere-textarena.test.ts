/** The contract that every `ta:` environment keeps. */
import { testHostedFamily } from "../fixtures/hosted-contract.ts";

testHostedFamily("ta");
