#!/usr/bin/env node
/** The `gem` command. Each command's module is loaded when it runs, so that the server starts fast. */
import { Command } from "commander";
import { isGemError } from "../errors.ts";
import type { ListArguments } from "./list.ts";
import type { ServeArguments } from "./serve.ts";

const program = new Command("gem").description("Environments for language agents.");

program
  .command("serve")
  .description(
    "Serve environments until the parent process or a signal ends it; prints its addresses as JSON.",
  )
  .option("--transport <kind>", "unix or ipc (this machine only), or tcp", "unix")
  .option("--host <address>", "tcp: the address to listen on", "127.0.0.1")
  .option("--port <number>", "tcp: the first worker's port; 0 for any", "0")
  .option("--workers <count>", "worker threads (default: GEM_WORKERS, or one a core, at most 8)")
  .option("--parent-pid <pid>", "end with this process, or when standard input closes")
  .action(async (given: ServeArguments) => {
    const { runServe } = await import("./serve.ts");
    await runServe(given);
  });

program
  .command("list")
  .description("List every environment.")
  .option("--json", "with class names and options")
  .action(async (given: ListArguments) => {
    const { runList } = await import("./list.ts");
    runList(given);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!isGemError(error)) throw error;
  process.stderr.write(`gem: ${error.message}\n`);
  process.exitCode = 2;
}
