import { makeToolParams, parseParams } from "../../protocol/schema.ts";
import { toTool } from "../../tools/index.ts";
import { draining } from "../draining.ts";
import type { Method } from "./method.ts";

/** `[name, options]` → `[tool type, methods, handle]`: a tool on its own, without an environment */
export const makeTool: Method = {
  run: ({ client, worker }, params) => {
    const [name, options] = parseParams("make_tool", makeToolParams, params);
    if (worker.insight?.draining === true) throw draining();
    client.checkRoom(1);
    const tool = toTool({ tool: name, options });
    return [tool.toolType, tool.methodNames(), client.add({ kind: "tool", tool })];
  },
};
