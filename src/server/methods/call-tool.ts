import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import { GemError, didYouMean, show } from "../../errors.ts";
import { callToolParams, parseParams } from "../../protocol/schema.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Method } from "./method.ts";

const INSTRUCTION = "instruction_string";
const EXECUTE = "execute_action";

/** `[handle, method, args]` → what the method gives; calls of one tool run at the same time */
export const callTool: Method = {
  run: ({ client }, params) => {
    const [handle, method, args] = parseParams("call_tool", callToolParams, params);
    const { tool } = client.tool(handle);
    if (method === INSTRUCTION) return tool.instructionString();
    if (method === EXECUTE) return execute(tool, args, `${client.id}#${handle}`);
    const names = tool.methodNames();
    if (names.includes(method)) return tool.callMethod(method, args);
    const known = [INSTRUCTION, EXECUTE, ...names];
    throw new GemError(
      "GEM_UNKNOWN_METHOD",
      `The tool ${tool.toolType} has no method "${method}".${didYouMean(method, known)} Its methods are: ${known.join(", ")}.`,
    );
  },
};

function execute(
  tool: Tool,
  args: readonly unknown[],
  owner: string,
): MaybePromise<readonly unknown[]> {
  const [action] = args;
  if (args.length !== 1 || typeof action !== "string") {
    throw new GemError(
      "GEM_INVALID_ACTION",
      `${EXECUTE} takes one string (the model's reply), got ${show(args)}.`,
    );
  }
  return chain(
    tool.executeAction(action, { owner }),
    ([parsed, hasError, observation, parsedAction, fault]) => [
      parsed,
      hasError,
      observation,
      parsedAction,
      fault ?? null,
    ],
  );
}
