/** The forms in which datasets hold the tests of a problem. */
import { GemError, show } from "../../errors.ts";
import { parsePythonJson, pythonStr } from "./python-data.ts";

/** A test: standard input and expected output, a call of a function and its expected result, or a program that checks. */
export type CodeTest =
  | { readonly kind: "stdio"; readonly stdin: string; readonly expected: string }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly unknown[];
      readonly expected: unknown;
    }
  | {
      readonly kind: "check";
      readonly before: string;
      readonly name: string;
      readonly after: string;
    };

/**
 * Reads tests: `{inputs, outputs}`, with `fn_name` calls of a function; a list of `{input, output}`; `{prompt, entry_point, test}`;
 * each also as JSON text.
 *
 * @param owner an environment's id, for messages
 * @param maxTests of more, those with the longest inputs count
 * @throws GEM_INVALID_OPTION when they have another form, or there is none
 */
export function readTests(owner: string, value: unknown, maxTests: number): readonly CodeTest[] {
  const data = typeof value === "string" ? parse(owner, value) : value;
  if (isMap(data) && typeof data["entry_point"] === "string") return [checkTest(owner, data)];
  const { inputs, outputs, name } = Array.isArray(data) ? fromCases(owner, data) : fromMap(data);
  if (inputs?.length !== outputs?.length || inputs === undefined || outputs === undefined)
    throw misshapen(owner, data);
  if (inputs.length === 0)
    throw new GemError("GEM_INVALID_OPTION", `A problem in the dataset of ${owner} has no tests.`);
  const tests = longest(inputs, maxTests).map((i): CodeTest => {
    const [input, output] = [inputs[i], outputs[i]];
    if (name !== undefined) return callTest(owner, name, input, output);
    return { kind: "stdio", stdin: linesOf(input), expected: linesOf(output) };
  });
  return tests;
}

/** Upstream quirk Q96: of more tests than allowed those with the longest inputs count, of equals the first. */
function longest(inputs: readonly unknown[], maxTests: number): number[] {
  const order = inputs.map((_, i) => i);
  if (inputs.length <= maxTests) return order;
  const sizes = inputs.map(sizeOf);
  return order.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0)).slice(0, maxTests);
}

/** The length of an input as Python counts it: characters, or items. */
function sizeOf(input: unknown): number {
  if (typeof input === "string") return Array.from(input).length;
  return Array.isArray(input) ? input.length : 0;
}

interface Lists {
  readonly inputs: readonly unknown[] | undefined;
  readonly outputs: readonly unknown[] | undefined;
  readonly name: string | undefined;
}

function fromMap(data: unknown): Lists {
  if (!isMap(data)) return { inputs: undefined, outputs: undefined, name: undefined };
  const { inputs, outputs, fn_name } = data;
  return {
    inputs: Array.isArray(inputs) ? inputs : undefined,
    outputs: Array.isArray(outputs) ? outputs : undefined,
    // Differs from upstream D115: `fn_name` names a function to call, and tests may be a list of cases; upstream has neither.
    name: typeof fn_name === "string" && fn_name !== "" ? fn_name : undefined,
  };
}

function fromCases(owner: string, cases: readonly unknown[]): Lists {
  const maps = cases.map((each) => {
    if (isMap(each) && "input" in each && "output" in each) return each;
    throw misshapen(owner, each);
  });
  const name = maps[0]?.["fn_name"];
  return {
    inputs: maps.map(({ input }) => input),
    outputs: maps.map(({ output }) => output),
    name: typeof name === "string" && name !== "" ? name : undefined,
  };
}

function callTest(owner: string, name: string, input: unknown, output: unknown): CodeTest {
  const args = typeof input === "string" ? parseLines(owner, input) : input;
  const expected =
    typeof input === "string" && typeof output === "string" ? parse(owner, output) : output;
  if (!Array.isArray(args)) throw misshapen(owner, input);
  return { kind: "call", name, args, expected };
}

/** Arguments as a text: a JSON value a line. */
function parseLines(owner: string, text: string): unknown[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [parse(owner, line)]));
}

function checkTest(owner: string, data: Readonly<Record<string, unknown>>): CodeTest {
  const { prompt, entry_point, test } = data;
  if (typeof prompt !== "string" || typeof test !== "string") throw misshapen(owner, data);
  return { kind: "check", before: prompt, name: String(entry_point), after: test };
}

/** A text, or the items of a list, one a line. */
function linesOf(value: unknown): string {
  return Array.isArray(value) ? value.map(pythonStr).join("\n") : pythonStr(value);
}

function parse(owner: string, text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    throw misshapen(owner, text);
  }
}

function misshapen(owner: string, value: unknown): GemError {
  return new GemError(
    "GEM_INVALID_OPTION",
    `The tests of a problem in the dataset of ${owner} must be {"inputs": […], "outputs": […]} of equal length (also as JSON text), got ${show(value)}. Which column holds them is said by test_key.`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
