import { describe, expect, it } from "vitest";
import { TERMINAL_STATE } from "../../../../src/core/constants.ts";
import { libraryOf, maker } from "./rows.ts";

const DOUBLE = '{"inputs": ["1\\n", "2\\n"], "outputs": ["2", "4"]}';
const ROWS = [
  { problem: "Double.", tests: DOUBLE },
  { problem: "Double!", tests: { inputs: ["3"], outputs: ["6"] } },
  { problem: "Double?", tests: DOUBLE },
];
const fence = (code: string): string => `Thus:\n\`\`\`python\n${code}\n\`\`\``;

describe("CodeEnv", () => {
  const make = maker(libraryOf({}));

  it("runs the tests on the last fenced block", async () => {
    const env = make("code:Taco8k", { dataset: ROWS });
    const [observation] = await env.reset();
    expect(observation).toMatch(/^Double/);
    const right = fence("print(2 * int(input()))");
    const [shown, reward, ...flags] = await env.step(`${fence("print(0)")} ${right}`);
    expect([shown, reward, ...flags.slice(0, 2)]).toEqual([TERMINAL_STATE, 1, true, true]);
    expect((await env.step(fence("print(0)")))[1]).toBe(0);
    expect(await env.step("print(2)")).toEqual([TERMINAL_STATE, -0.1, true, true, {}]);
    await env.setAttribute("tests", { inputs: ["1", "2"], outputs: ["1", "9"] });
    expect(await env.step(fence("print(input())"))).toEqual([
      TERMINAL_STATE,
      0,
      true,
      true,
      { tests_passed: 1, tests_run: 2, tests_total: 2 },
    ]);
  });

  it("goes on after seeded resets where it was", async () => {
    const env = make("code:Taco8k", { dataset: ROWS });
    const order = [await env.reset(), await env.reset(), await env.reset()].map(([text]) => text);
    const other = make("code:Taco8k", { dataset: ROWS });
    expect((await other.reset())[0]).toBe(order[0]);
    await other.reset(5);
    expect((await other.reset())[0]).toBe(order[1]);
    await other.reset(6);
    expect([(await other.reset())[0], other.getAttribute("epoch")]).toEqual([order[2], 0]);
    await other.reset();
    expect(other.getAttribute("epoch")).toBe(1);
  });

  it("refuses texts of the filter without a sandbox", async () => {
    const env = make("code:Taco8k", { dataset: ROWS, sandbox_type: "none" });
    await env.reset();
    const [, reward, , , info] = await env.step(fence("import sys\nprint(2)\nsys.exit(0)"));
    expect([reward, info]).toMatchObject([0, { tests_run: 0 }]);
  });

  it("checks functions of tables as HumanEval's", async () => {
    const row = {
      task_id: "HumanEval/0",
      prompt: "def one():\n",
      entry_point: "one",
      test: "def check(candidate):\n    assert candidate() == 1",
    };
    const env = make("code:HumanEval", { dataset: [row] });
    expect((await env.reset())[0]).toBe("def one():\n");
    expect((await env.step(fence("def one():\n    return 1")))[1]).toBe(1);
    expect((await env.step(fence("def one():\n    return 2")))[1]).toBe(0);
  });
});
