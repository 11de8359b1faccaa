// Builds the shared-memory bridge, Node's addon and Python's extension, where cargo is.
import { main } from "./setup/command.mjs";
import { setUp } from "./setup/index.mjs";

await main(() => setUp(["nodeModules", "bridge"]));
