// Compiles `src` to `dist`, installing node_modules first where they are missing or stale.
import { main } from "./setup/command.mjs";
import { setUp } from "./setup/index.mjs";

await main(() => setUp(["nodeModules", "dist"]));
