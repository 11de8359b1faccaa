import { z } from "zod";
import { GemError, didYouMean, show } from "../errors.ts";
import { MCPTool } from "./mcp/mcp-tool.ts";
import { PythonCodeTool } from "./python-code/python-code-tool.ts";
import { SearchTool } from "./search/search-tool.ts";
import { Tool } from "./tool.ts";

/** Options of a tool under upstream's names; unchecked. */
export type ToolOptions = Readonly<Record<string, unknown>>;

/** A tool by name, and its options. */
export interface ToolSpec {
  readonly tool: string;
  readonly options?: ToolOptions | undefined;
}

/** A tool, or what to make one from. */
export type ToolLike = Tool | ToolSpec | string;

/** Name → what makes the tool. */
export const toolFactories: Readonly<Record<string, (options: ToolOptions) => Tool>> = {
  python_code: (options) => new PythonCodeTool(options),
  search: (options) => new SearchTool(options),
  mcp: (options) => new MCPTool(options),
};

const toolSpec: z.ZodType<ToolSpec> = z.strictObject({
  tool: z.string(),
  options: z.custom<ToolOptions>((value) => typeof value === "object" && value !== null).optional(),
});

/**
 * A tool, made if need be.
 *
 * @throws GEM_INVALID_OPTION on what is no tool, with the nearest name; what the tool's constructor throws
 */
export function toTool(like: unknown): Tool {
  if (like instanceof Tool) return like;
  const spec = toolSpec.safeParse(typeof like === "string" ? { tool: like } : like);
  const names = Object.keys(toolFactories);
  if (!spec.success) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `A tool is an object of a class of tools, a name, or {tool, options}, got ${show(like)}. The names are: ${names.join(", ")}.`,
    );
  }
  const { tool, options = {} } = spec.data;
  const make = Object.hasOwn(toolFactories, tool) ? toolFactories[tool] : undefined;
  if (make !== undefined) return make(options);
  throw new GemError(
    "GEM_INVALID_OPTION",
    `There is no tool ${show(tool)}.${didYouMean(tool, names)} The tools are: ${names.join(", ")}.`,
  );
}
