import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MCPTool } from "../../src/tools/mcp/mcp-tool.ts";
import { rude } from "../fixtures/mcp-peers.ts";

type Result = readonly [boolean, boolean, string, string];

/** What upstream makes of calls, made by `record_mcp_calls.py`. */
const recorded = JSON.parse(
  readFileSync(new URL("../fixtures/mcp-calls.json", import.meta.url), "utf8"),
) as { readonly tools: readonly string[]; readonly calls: readonly (readonly [string, Result])[] };

const NOTHING = "Tool execution completed with no output";
const UNKNOWN = /^Tool '.*' not found\./;

/** Upstream's result with what is different on purpose. */
function expected([parsed, hasError, text, action]: Result): unknown[] {
  // Rule D82 of `docs/parity.md`; the sentence is our own.
  if (UNKNOWN.test(text)) return [true, true, expect.stringContaining("There is no tool"), action];
  if (text === NOTHING) return [parsed, hasError, expect.stringContaining("nothing"), action];
  return [parsed, hasError, text, action];
}

describe("MCPTool beside upstream's", () => {
  const tool = new MCPTool({ config: rude() });

  beforeAll(async () => {
    await tool.validate();
  });
  afterAll(() => tool.close());

  it("lists the tools by the same lines", async () => {
    const text = await tool.instructionString();
    const lines = text.slice(text.indexOf("<tools>\n") + 8, text.lastIndexOf("\n</tools>"));
    expect(recorded.tools.length).toBeGreaterThan(10);
    expect(lines.split("\n")).toEqual(recorded.tools);
  });

  it.each(recorded.calls.map(([action, result]) => ({ action, result })))(
    "makes the same of $action",
    async ({ action, result }) => {
      // Upstream's sessions forget the count; ours goes on (rule D83).
      const [parsed, hasError, text, parsedAction] = await tool.executeAction(action);
      const isCount = action.includes(">count<");
      const shown = isCount && /^\d$/.test(text) ? result[2] : text;
      expect([parsed, hasError, shown, parsedAction]).toEqual(expected(result));
    },
  );
});
