import { spawn } from "node:child_process";

/** A program and its arguments. */
export type CommandLine = readonly [program: string, ...args: string[]];

const PREFIX = ["setpriv", "--pdeathsig", "KILL", "--"] as const;

let works: Promise<boolean> | undefined;

/**
 * The command such that its process is ended when the thread that starts it ends, however that happens: Linux does that for a
 * process which asks for it, and util-linux's `setpriv` asks. Elsewhere the command as it is: its standard input ends then.
 */
export async function withParentDeathSignal(command: CommandLine): Promise<CommandLine> {
  works ??= canAsk();
  return (await works) ? [...PREFIX, ...command] : command;
}

function canAsk(): Promise<boolean> {
  if (process.platform !== "linux") return Promise.resolve(false);
  const [program, ...args] = [...PREFIX, "true"];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("exit", (status) => resolve(status === 0));
  });
}
