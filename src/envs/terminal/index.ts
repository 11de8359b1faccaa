import { defineFamily, type Family } from "../../core/family.ts";
import { CliBackend } from "./cli-backend.ts";
import type { ContainerBackend } from "./container.ts";
import { DockerEnv, TERMINAL_OPTIONS } from "./docker-env.ts";
import { PROMPTS } from "./texts.ts";

/** The family of `DockerEnv` over a backend, which is asked for when an environment is made; it has no ids. */
export function terminalFamily(backend: () => ContainerBackend): Family {
  return defineFamily({
    className: "DockerEnv",
    options: TERMINAL_OPTIONS,
    prompts: PROMPTS,
    variants: {},
    create: (init) => new DockerEnv(init, backend()),
  });
}

let shared: ContainerBackend | undefined;

/** Tasks in a terminal; containers are looked for at the first reset. */
export const terminal: readonly Family[] = [terminalFamily(() => (shared ??= new CliBackend()))];
