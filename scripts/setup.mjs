// Prepares a checkout: `node scripts/setup.mjs [--oracle]`. Needs nothing installed but Node, npm and Python.
import { main } from "./setup/command.mjs";
import { PRODUCT, setUp } from "./setup/index.mjs";

await main(() => setUp(process.argv.includes("--oracle") ? [...PRODUCT, "oracleVenv"] : PRODUCT));
