import { describe, expect, it } from "vitest";
import type { Env } from "../../../src/core/env.ts";
import { isGemError } from "../../../src/errors.ts";
import { defaultRegistry, make, wrap } from "../../../src/make.ts";
import type { Call } from "../../../src/server/call.ts";
import { Client } from "../../../src/server/client.ts";
import { wrapEntry } from "../../../src/server/build.ts";
import { Stem } from "../../../src/server/entry.ts";
import { Group } from "../../../src/server/group.ts";
import { METHODS } from "../../../src/server/methods/index.ts";
import { worksElsewhere } from "../../fixtures/elsewhere-ids.ts";
import { offline } from "../../fixtures/offline.ts";

/** What every object has, or what a promise would be taken for. */
const NATURE = [
  "constructor",
  "prototype",
  "__proto__",
  "__defineGetter__",
  "__lookupGetter__",
  "hasOwnProperty",
  "isPrototypeOf",
  "toString",
  "toJSON",
  "valueOf",
  "then",
  "catch",
  "arguments",
  "caller",
  "",
];

const WRAPPERS = ["concat", "EpisodeTrackingWrapper"] as const;

/** One id of each class. */
const ids = [
  ...new Map(
    defaultRegistry()
      .list()
      .map(({ id, className }) => [className, id] as const),
  ),
];

/** All properties of an object and of what it inherits from, whatever they are. */
function propertiesOf(env: Env): readonly string[] {
  const names = new Set<string>();
  for (let at: object | null = env; at !== null; at = Object.getPrototypeOf(at) as object | null)
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return [...names];
}

function access(env: Env): (method: string, ...params: unknown[]) => Promise<unknown> {
  const client = new Client("x".repeat(16));
  const stem = new Stem(
    env,
    new Group(),
    env.id,
    {},
    {
      log: () => undefined,
      seedOf: () => null,
      remake: () => env,
    },
  );
  const handle = client.add(wrapEntry(stem, env, [], []));
  const call = { client } as unknown as Call;
  return async (method, ...params) => METHODS.get(method)?.run(call, [handle, 0, ...params]);
}

/** The error's code, or undefined where something was done. */
async function refusal(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return isGemError(error) ? error.code : String(error);
  }
}

const REFUSALS = ["GEM_UNKNOWN_ATTRIBUTE", "GEM_INVALID_ATTRIBUTE", "GEM_UNKNOWN_METHOD"];

/** An environment whose library is elsewhere is asked before its first episode, when nothing can be reached at all. */
const TOO_EARLY = "GEM_RESET_NEEDED";

async function expectClosed(env: Env): Promise<void> {
  const allowed = worksElsewhere(env.id) ? [...REFUSALS, TOO_EARLY] : REFUSALS;
  const ask = access(env);
  const declared = new Set([...env.attributeNames(), ...env.methodNames(), "sample_random_action"]);
  const names = [...NATURE, ...propertiesOf(env)].filter((name) => !declared.has(name));
  const open: string[] = [];
  for (const name of names) {
    const outcomes = {
      get: await refusal(ask("get", name)),
      set: await refusal(ask("set", name, 1)),
      call: await refusal(ask("call", name, [])),
    };
    for (const [method, code] of Object.entries(outcomes))
      if (!allowed.includes(code ?? "")) open.push(`${method} ${name}: ${String(code)}`);
  }
  expect(open).toEqual([]);
}

describe.each(ids)("%s", (_, id) => {
  it("shows a client nothing but what it declares, alone and wrapped", async () => {
    const env = make(id, offline(id));
    if (!worksElsewhere(id)) await env.reset(1);
    await expectClosed(env);
    for (const name of WRAPPERS) await expectClosed(wrap(env, name));
  });
});
