import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { GemError } from "../errors.ts";
import type { HostCommand } from "./host-command.ts";

/** What a host's Python must not find: it is another one than the trainer's. */
const FOREIGN = new Set(["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"]);

/** The host's file that is its connection. */
const CONNECTION = 3;

/** A started host, and the connection to it. */
export interface StartedHost {
  readonly child: ChildProcess;
  readonly socket: Socket;
}

/** Starts a host's process as the leader of a group of its own, which can be ended as a whole. */
export function startHost(command: HostCommand): StartedHost {
  const child = spawn(command.command, [...command.args], {
    cwd: command.cwd,
    env: environment(command),
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const socket = child.stdio[CONNECTION];
  if (!(socket instanceof Socket))
    throw new GemError("GEM_INTERNAL", "A host was started without a connection.");
  return { child, socket };
}

function environment({ env }: HostCommand): NodeJS.ProcessEnv {
  return {
    // A process computes on one core; a pool has as many as there are for it.
    OMP_NUM_THREADS: "1",
    OPENBLAS_NUM_THREADS: "1",
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.has(name))),
    // Sets of strings have the same order in every process: what is played again goes the same way.
    PYTHONHASHSEED: "0",
    PYTHONNOUSERSITE: "1",
    ...env,
  };
}
