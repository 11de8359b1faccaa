import { describe, expect, it } from "vitest";
import { toTool, toolFactories } from "../../../src/tools/index.ts";
import { PythonCodeTool } from "../../../src/tools/python-code/python-code-tool.ts";

describe("toTool", () => {
  it("makes tools by name, with options, and takes one that is made", () => {
    expect(toTool("search").toolType).toBe("search");
    const tool = toTool({ tool: "python_code", options: { timeout: 2 } });
    expect(tool instanceof PythonCodeTool && tool.options.timeout).toBe(2);
    expect(toTool(tool)).toBe(tool);
  });

  it("names each tool as it names itself", () => {
    for (const [name, make] of Object.entries(toolFactories)) expect(make({}).toolType).toBe(name);
  });

  it.each([
    ["serach", /Did you mean "search"/],
    ["toString", /There is no tool/],
    [{ tool: "search", topk: 3 }, /\{tool, options\}/],
    [7, /A tool is/],
    [{ tool: "search", options: { k: 1 } }, /no option "k"/],
  ])("refuses %j", (like, message) => {
    expect(() => toTool(like)).toThrow(message);
  });
});
