/** `MultiAgentEnv` and `AgentSelector` of this package's Python beside upstream's, over random calls. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { OracleProcess } from "./oracle-process.ts";

type Call = readonly [method: string, args: readonly unknown[]];

interface Request {
  readonly agents: readonly string[];
  readonly mode: "sequential" | "parallel" | "neither" | null;
  readonly calls: readonly Call[];
}

interface State {
  readonly agents: readonly string[];
}
type Turn = readonly [selected: string | null, index: number, agents: readonly string[]] | null;
type Row = readonly [value: unknown, state: State, turn: Turn];

const SCRIPT = "multiagent_calls.py";
const PACKAGE = fileURLToPath(new URL("../../python", import.meta.url));
const upstream = new OracleProcess<Request, Row>(SCRIPT, {});
const own = new OracleProcess<Request, Row>(
  SCRIPT,
  { PYTHONPATH: PACKAGE },
  process.env["GEM_TEST_PYTHON"],
);
const RUNS = 400;

afterAll(async () => {
  await upstream.close();
  await own.close();
});

const agent = fc.constantFrom("ann", "bob", "cy", "di");
const action = fc.constantFrom("go", "wait", "die", "stop", "");
const actions = fc.oneof(
  { weight: 5, arbitrary: fc.dictionary(agent, action, { maxKeys: 4 }) },
  { weight: 1, arbitrary: fc.constant("go") },
);
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Call>(["reset", []]) },
  { weight: 12, arbitrary: actions.map((map): Call => ["step", [map]]) },
  { weight: 2, arbitrary: agent.map((name): Call => ["add_agent", [name]]) },
  { weight: 2, arbitrary: agent.map((name): Call => ["remove_agent", [name]]) },
  {
    weight: 1,
    arbitrary: fc.tuple(agent, agent).map(([a, b]): Call => ["send_message", [a, b, "hello"]]),
  },
  { weight: 1, arbitrary: agent.map((name): Call => ["broadcast_message", [name, "all"]]) },
  { weight: 1, arbitrary: fc.constant<Call>(["get_active_states", []]) },
);
const selectorCall: fc.Arbitrary<Call> = fc.oneof(
  fc
    .constantFrom("next", "is_first", "is_last", "get_active_agents")
    .map((name): Call => [`selector.${name}`, []]),
  agent.map((name): Call => ["selector.add_agent", [name]]),
  agent.map((name): Call => ["selector.remove_agent", [name]]),
  fc.uniqueArray(agent).map((names): Call => ["selector.reinit", [names]]),
);

/** Calls up to where upstream's known slips show: an agent that went in a step it had the turn in, as the first (D141). */
function comparable(rows: readonly Row[]): number {
  const slip = rows.findIndex(([, state, turn], i) => {
    const [, before, turnBefore] = rows[i - 1] ?? [null, state, turn];
    return turnBefore?.[1] === 0 && state.agents.length < before.agents.length;
  });
  return slip < 0 ? rows.length : slip;
}

async function compare(request: Request): Promise<void> {
  const [expected, actual] = await Promise.all([upstream.play(request), own.play(request)]);
  const length = request.mode === "sequential" ? comparable(expected) : expected.length;
  expect(actual.slice(0, length)).toEqual(expected.slice(0, length));
}

it("plays as upstream does, whatever is called in whatever order", async () => {
  const request = fc.record({
    agents: fc.uniqueArray(agent, { minLength: 1 }),
    mode: fc.constantFrom<Request["mode"][]>("sequential", "parallel", null),
    calls: fc
      .array(call, { minLength: 1, maxLength: 20 })
      .map((calls): readonly Call[] => [["reset", []], ...calls]),
  });
  await fc.assert(fc.asyncProperty(request, compare), { numRuns: RUNS });
});

it("plays whole episodes as upstream does", async () => {
  const turns = fc.array(fc.constantFrom("go", "wait", "wait"), { minLength: 3, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(turns, (replies) => {
      const agents = ["ann", "bob", "cy"];
      const calls = replies.map((reply, i): Call => ["step", [{ [agents[i % 3] ?? ""]: reply }]]);
      return compare({ agents, mode: "sequential", calls: [["reset", []], ...calls] });
    }),
    { numRuns: 50 },
  );
});

it("selects agents as upstream does", async () => {
  const request = fc.record({
    agents: fc.uniqueArray(agent),
    mode: fc.constantFrom<Request["mode"][]>("sequential", "parallel", "neither"),
    calls: fc.array(selectorCall, { minLength: 1, maxLength: 20 }),
  });
  const exact = async (given: Request): Promise<void> => {
    expect(await own.play(given)).toEqual(await upstream.play(given));
  };
  await fc.assert(fc.asyncProperty(request, exact), { numRuns: RUNS });
});
