import { Sandbox, sharedSandbox } from "../../sandbox/sandbox.ts";
import type { CodeRunner, SandboxType } from "./runner.ts";

const sandboxes = new Map<SandboxType, Sandbox>();

/** Runs code in the sandbox of a type that all tools of this thread share; it starts at the first run. */
export function sandboxRunner(type: SandboxType): CodeRunner {
  return { run: (run) => sandboxOf(type).run(run) };
}

function sandboxOf(type: SandboxType): Sandbox {
  if (type === "auto") return sharedSandbox();
  const sandbox = sandboxes.get(type) ?? new Sandbox({ level: type });
  sandboxes.set(type, sandbox);
  return sandbox;
}
