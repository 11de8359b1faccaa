import { checkSubject } from "../../check/check-env.ts";
import { checkSettings } from "../../check/settings.ts";
import { copyState, type Subject } from "../../check/subject.ts";
import { formatReport } from "../../check/table.ts";
import type { Env } from "../../core/env.ts";
import { GemError, isGemError } from "../../errors.ts";
import { checkParams, parseParams } from "../../protocol/schema.ts";
import { makeStem, wrapEntry } from "../build.ts";
import type { Call } from "../call.ts";
import { ClientEnv } from "../client-env.ts";
import { ClientObject } from "../client-object.ts";
import type { BaseSpec, Options, WrapperSpec } from "../entry.ts";
import { Group } from "../group.ts";
import type { Method } from "./method.ts";

/** `[spec, wrappers, settings]` → `{id, passed, checks, table}`: whether an environment keeps the contract */
export const check: Method = {
  run: async (call, params) => {
    const [[base, options], wrappers, given] = parseParams("check", checkParams, params);
    const { deadline_seconds: seconds, memory_limit_bytes: memoryLimitBytes, ...rest } = given;
    const deadlineMs = seconds === undefined ? undefined : Math.ceil(seconds * 1000);
    const settings = checkSettings({ ...rest, deadlineMs, memoryLimitBytes });
    const subject =
      typeof base === "object" && "object" in base
        ? clientSubject(call, base, wrappers)
        : ownSubject(call, base, options, wrappers);
    const report = await checkSubject(subject, settings);
    const checks = report.checks.map(({ name, outcome, detail }) => [name, outcome, detail]);
    return { id: report.id, passed: report.passed, checks, table: formatReport(report) };
  },
};

/** An environment of this server. @throws GEM_UNKNOWN_ENV */
function ownSubject(
  call: Call,
  base: BaseSpec,
  options: Options,
  wrappers: readonly WrapperSpec[],
): Subject {
  if (typeof base === "string") call.worker.registry.spec(base);
  const fresh = (further: Options): Env => build(call, base, { ...options, ...further }, wrappers);
  return {
    id: typeof base === "string" ? base : undefined,
    fresh,
    fork: (env) => copyState(env, fresh({})),
    takesSeed: true,
    isForeign: false,
  };
}

/** Environments of the client, made by an object that answers `spawn`. */
function clientSubject(
  call: Call,
  { object, id }: Extract<BaseSpec, { readonly object: number }>,
  wrappers: readonly WrapperSpec[],
): Subject {
  const maker = new ClientEnv(id, new ClientObject(object, call, id));
  const spawned = async (original: ClientEnv): Promise<Env> => {
    const ref = await original.spawnObject({});
    return build(call, { object: ref, id }, {}, wrappers);
  };
  return {
    id,
    fresh: () => spawned(maker).catch(inConstructor),
    fork: async (env) => {
      const { unwrapped } = env;
      return copyState(env, await spawned(unwrapped instanceof ClientEnv ? unwrapped : maker));
    },
    takesSeed: false,
    isForeign: true,
  };
}

/** A maker that fails to spawn says what the constructor said. */
function inConstructor(error: unknown): never {
  if (!isGemError(error) || error.details["method"] !== "spawn") throw error;
  const message = error.message.replace(/^spawn\(\) of/, "Making");
  throw new GemError(error.code, message, error.details);
}

function build(
  call: Call,
  base: BaseSpec,
  options: Options,
  wrappers: readonly WrapperSpec[],
): Env {
  const stem = makeStem(call.worker, base, options);
  Group.hold(call, stem.group);
  return wrapEntry(stem, stem.env, [], wrappers).env;
}
