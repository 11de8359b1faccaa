import { pythonJson } from "../../text/python-json.ts";
import type { McpTool } from "./server-set.ts";

const HEAD = `# Tools

You can call tools. Call at most one in a message; what it returns is the next thing you read. Go step by step, and let each call build on what the ones before it returned.

A call is written with XML-style tags:
- tool_name: the tool to call (required)
- arguments: a JSON object with the tool's inputs, as its schema describes them (required). It must be valid JSON: quotes inside of strings are escaped.

An example:
<tool_call>
<tool_name>name_of_the_tool</tool_name>
<arguments>
{
  "first": "value",
  "second": "a \\"quoted\\" word"
}
</arguments>
</tool_call>

## Available tools
A line of JSON describes each:

<tools>
`;

/**
 * Says to the agent how tools are called, and which there are: a line of JSON each, sorted by name.
 *
 * @param isMulti whether the tools are of several servers; descriptions then name theirs
 */
export function instruction(tools: readonly McpTool[], isMulti: boolean): string {
  const sorted = [...tools].sort((a, b) => (byCodePoint(a.name, b.name) ? -1 : 1));
  const lines = sorted.map((tool) => pythonJson(schemaOf(tool, isMulti)));
  return `${HEAD}${lines.map((line) => `${line}\n`).join("")}</tools>`;
}

function schemaOf(tool: McpTool, isMulti: boolean): unknown {
  const own = tool.description;
  const text = own === "" ? `A tool of the server ${tool.server}` : own;
  const description = isMulti ? `[${tool.server}] ${text}` : own;
  return {
    type: "function",
    function: { name: tool.name, description, parameters: tool.parameters },
  };
}

/** Whether a text comes before another in Python's order of strings. */
function byCodePoint(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
