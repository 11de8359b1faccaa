import type { FaultRules } from "../../core/fault-policy.ts";
import { GemError, isGemError } from "../../errors.ts";
import type { EnvDescriptor } from "../../protocol/messages.ts";
import { drawnSeed } from "../../make.ts";
import { makeParams, parseParams } from "../../protocol/schema.ts";
import { makeStem, wrapEntry } from "../build.ts";
import type { Call } from "../call.ts";
import { describeEnv } from "../descriptor.ts";
import { draining } from "../draining.ts";
import type { BaseSpec, EnvEntry, Options, WrapperSpec } from "../entry.ts";
import { wireRules } from "../fault-wire.ts";
import { Group } from "../group.ts";
import { hold } from "../hold.ts";
import { recordEntry, recordPlace } from "../recorded-entry.ts";
import type { Method } from "./method.ts";

/** `[specs, wrappers, policy]` → `[descriptors, [[handle, descriptor index], …], seeds]`; all or nothing */
export const make: Method = {
  run: (call, params) => {
    const [specs, wrappers, policy] = parseParams("make", makeParams, params);
    const rules = wireRules(policy);
    if (call.worker.insight?.draining === true && policy?.beside !== true) throw draining();
    const place = recordPlace(call.worker, policy ?? {});
    call.client.checkEnvironments(specs.length);
    const entries: EnvEntry[] = [];
    try {
      for (const [base, options] of specs) {
        const entry = build(call, base, options, wrappers, rules);
        entries.push(recordEntry(entry, place, entries.length));
      }
    } catch (error) {
      for (const { env } of entries) void Promise.resolve(env.close());
      throw at(entries.length, error);
    }
    return reply(call, entries);
  },
};

function build(
  call: Call,
  base: BaseSpec,
  options: Options,
  wrappers: readonly WrapperSpec[],
  rules: FaultRules,
): EnvEntry {
  const stem = makeStem(call.worker, base, options);
  Group.hold(call, stem.group);
  return wrapEntry(stem, stem.env, [], wrappers, { rules });
}

/** The error, with the position of the spec that it is about. */
function at(index: number, error: unknown): unknown {
  if (!isGemError(error)) return error;
  return new GemError(error.code, error.message, { ...error.details, index }, error);
}

function reply(call: Call, entries: readonly EnvEntry[]): readonly unknown[] {
  const descriptors: EnvDescriptor[] = [];
  const positions = new Map<string, number>();
  const made = entries.map((entry) => {
    const descriptor = describeEnv(entry.env);
    const key = JSON.stringify(descriptor);
    const position = positions.get(key) ?? descriptors.push(descriptor) - 1;
    positions.set(key, position);
    hold(entry);
    call.client.count(entry.stem);
    return [call.client.add(entry), position];
  });
  return [descriptors, made, entries.map(({ stem }) => drawnSeed(stem.env) ?? null)];
}
