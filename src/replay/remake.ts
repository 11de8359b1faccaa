import type { Env } from "../core/env.ts";
import { inlineHost } from "../core/host.ts";
import type { Registry } from "../core/registry.ts";
import { isGemError, show } from "../errors.ts";
import { makeFromSpec, wrap } from "../make.ts";
import type { EnvLine } from "../recording/format.ts";
import { findUnrecorded, fromPlain } from "../recording/plain.ts";

/** Why an environment cannot be made again. */
export class NotRemade extends Error {}

/** Makes the environment that a line tells of. @throws NotRemade with the reason */
export function remake(registry: Registry, line: EnvLine): Env {
  const { what, seed } = line;
  const options = fromPlain(line.options) as Record<string, unknown>;
  const wrappers = fromPlain(line.wrappers) as [string, Record<string, unknown>][];
  const lost = findUnrecorded(options) ?? findUnrecorded(wrappers);
  if (lost !== undefined) {
    throw new NotRemade(`it was made with ${lost.what}, which is not in the file`);
  }
  const start = seed === null ? {} : { seed: BigInt(seed) };
  try {
    const spec = specOf(registry, what);
    const env = makeFromSpec(spec, { ...options, ...start }, inlineHost);
    return wrappers.reduce<Env>((inner, [name, own]) => wrap(inner, name, own), env);
  } catch (error) {
    if (isGemError(error)) throw new NotRemade(error.message);
    throw error;
  }
}

function specOf(registry: Registry, what: unknown): ReturnType<Registry["spec"]> {
  if (typeof what === "string") return registry.spec(what);
  const known = what as Readonly<Record<string, unknown>>;
  if (typeof known["class"] === "string") return registry.classSpec(known["class"]);
  if ("object" in known) throw new NotRemade("it is an object of the program that recorded it");
  if ("program" in known) throw new NotRemade("it was registered by the program that recorded it");
  throw new NotRemade(`what it was made of is not understood: ${show(what)}`);
}

/** Wrappers that use tools. */
const TOOL_WRAPPER = /^(?:ToolEnvWrapper|python_tool|search_tool)/;

/** Whether what an environment answers may depend on what is outside: tools are used. */
export function dependsOnOutside({ wrappers }: EnvLine): boolean {
  return (
    Array.isArray(wrappers) &&
    wrappers.some((wrapper) => Array.isArray(wrapper) && TOOL_WRAPPER.test(String(wrapper[0])))
  );
}
