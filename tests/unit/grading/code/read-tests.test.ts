import { describe, expect, it } from "vitest";
import { readTests } from "../../../../src/grading/code/read-tests.ts";

const read = (value: unknown, maxTests = 12) => readTests("code:Test", value, maxTests);

describe("readTests", () => {
  it("reads inputs and outputs, also as JSON text; lists are lines, numbers as Python writes them", () => {
    const expected = [
      { kind: "stdio", stdin: "1 2\n", expected: "3" },
      { kind: "stdio", stdin: "4\n2.0\n12345678901234567890", expected: "True\nNone" },
    ];
    const text =
      '{"inputs": ["1 2\\n", ["4", 2.0, 12345678901234567890]], "outputs": ["3", [true, null]]}';
    expect(read(text)).toEqual(expected);
    expect(read({ inputs: ["1 2\n"], outputs: ["3"] })).toEqual(expected.slice(0, 1));
  });

  it("reads calls of a function", () => {
    expect(read({ fn_name: "add", inputs: [[1, 2]], outputs: [3] })).toEqual([
      { kind: "call", name: "add", args: [1, 2], expected: 3 },
    ]);
    expect(read({ fn_name: "add", inputs: ["1\n[2, 3]"], outputs: ["[4]"] })).toEqual([
      { kind: "call", name: "add", args: [1, [2, 3]], expected: [4] },
    ]);
  });

  it("reads a list of cases", () => {
    const cases = [{ type: "stdin_stdout", input: "1", output: "2" }];
    expect(read(JSON.stringify(cases))).toEqual([{ kind: "stdio", stdin: "1", expected: "2" }]);
  });

  it("keeps those with the longest inputs, the longest first, of equals the first; length is in characters or items", () => {
    const inputs = ["aa", "😀😀😀", "bb", ["x", "y", "z", "w"], "c"];
    const tests = read({ inputs, outputs: ["0", "1", "2", "3", "4"] }, 3);
    expect(tests.map((test) => test.kind === "stdio" && test.expected)).toEqual(["3", "1", "0"]);
  });

  it.each([
    ["not json", /test_key/],
    [{ inputs: ["1"] }, /equal length/],
    [{ inputs: ["1"], outputs: [] }, /equal length/],
    [{ inputs: [], outputs: [] }, /no tests/],
    [[], /no tests/],
    [[3], /inputs/],
    [null, /inputs/],
  ])("refuses %j", (value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});
