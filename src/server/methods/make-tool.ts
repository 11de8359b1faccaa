import { makeToolParams, parseParams } from "../../protocol/schema.ts";
import { toTool } from "../../tools/index.ts";
import type { Method } from "./method.ts";

/** `[name, options]` → `[tool type, methods, handle]`: a tool on its own, without an environment */
export const makeTool: Method = {
  run: ({ client }, params) => {
    const [name, options] = parseParams("make_tool", makeToolParams, params);
    client.checkRoom(1);
    const tool = toTool({ tool: name, options });
    return [tool.toolType, tool.methodNames(), client.add({ kind: "tool", tool })];
  },
};
