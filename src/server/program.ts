import { createHash } from "node:crypto";
import { checkSeed, type Env } from "../core/env.ts";
import { HostedEnv } from "../envs/hosted-env.ts";
import { GemError } from "../errors.ts";
import { HostPool } from "../hosts/host-pool.ts";
import { hostMain } from "../hosts/libraries.ts";
import { systemSeed } from "../make.ts";
import type { WorkerContext } from "./context.ts";
import type { Options, ProgramSpec } from "./entry.ts";

/** An environment of a client's own program that lives in a host process rather than in the client. */
export class ProgramEnv extends HostedEnv {}

const pools = new Map<string, HostPool>();

/**
 * Makes an environment of a client's program; the process is started at its first reset.
 *
 * @throws GEM_UNSUPPORTED when this server runs no programs of its clients
 */
export function makeProgramEnv(
  worker: WorkerContext,
  spec: ProgramSpec,
  id: string,
  options: Options,
): Env {
  if (!worker.runsPrograms) {
    throw new GemError(
      "GEM_UNSUPPORTED",
      `${id} is registered with host=True, but this server runs no programs of its clients. Start it with --allow-programs, or register ${id} without host=True.`,
    );
  }
  const { seed } = options;
  const start = seed === undefined || seed === null ? systemSeed() : checkSeed(seed);
  return new ProgramEnv({ id, envId: id, options, seed: start, pool: () => poolOf(spec, id) });
}

/** One pool for each program, whichever of its environments are made. */
function poolOf({ python, program }: ProgramSpec, id: string): HostPool {
  const key = createHash("sha256").update(`${python}\0${program}`).digest("hex");
  const known = pools.get(key);
  if (known !== undefined) return known;
  const pool = new HostPool(() => ({
    name: id,
    command: python,
    args: [hostMain(), "--library", "program"],
    env: { GEM_HOST_PROGRAM: program },
  }));
  pools.set(key, pool);
  return pool;
}
