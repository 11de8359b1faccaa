#!/usr/bin/env node
/** The `gem` command. Each command's module is loaded when it runs, so that the server starts fast. */
import { Command } from "commander";
import { isGemError } from "../errors.ts";
import type { CheckArguments } from "./check.ts";
import type { DataArguments } from "./data.ts";
import type { InstallArguments, ListHostsArguments } from "./hosts.ts";
import type { ListArguments } from "./list.ts";
import type { SearchServerArguments } from "./search-server.ts";
import type { ServeArguments } from "./serve.ts";
import type { TimeMcpArguments } from "./time-mcp.ts";

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
  .option("--allow-programs", "run environments that clients register with host=True")
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

const hosts = program
  .command("hosts")
  .description(
    "The Python libraries that some environments live in, each in a Python environment of its own.",
  );

hosts
  .command("install [library...]")
  .description(
    "Install these libraries, or all, in the folder that GEM_HOSTS names (default: ~/.cache/gem/hosts).",
  )
  .option("--python <path>", "the Python to use (default: one on PATH that the library runs on)")
  .option("--force", "install again what is installed")
  .action(async (libraries: string[], given: InstallArguments) => {
    const { runInstall } = await import("./hosts.ts");
    await runInstall(libraries, given);
  });

hosts
  .command("list")
  .description("List the libraries, and what is installed of them.")
  .option("--json", "as an array")
  .action(async (given: ListHostsArguments) => {
    const { runListHosts } = await import("./hosts.ts");
    runListHosts(given);
  });

hosts
  .command("remove <library...>")
  .description("Remove the installations of these libraries.")
  .action(async (libraries: string[]) => {
    const { runRemove } = await import("./hosts.ts");
    await runRemove(libraries);
  });

program
  .command("check <id...>")
  .description("Check that environments keep the contract; an id may hold `*`, as in 'game:*'.")
  .option("--options <json>", `to make them with, for example '{"max_turns":3}'`)
  .option("--seeds <count>", "seeds to play", "3")
  .option("--steps <count>", "actions for each", "25")
  .option("--deadline <seconds>", "time for each check", "60")
  .option("--json", "as an array of reports")
  .action(async (ids: string[], given: CheckArguments) => {
    const { runCheck } = await import("./check.ts");
    await runCheck(ids, given);
  });

const data = program
  .command("data")
  .description("Show the first rows of what an environment reads, or of a dataset, as JSON lines.")
  .argument("<id>", "an environment, a dataset of the Hugging Face hub, or a path")
  .option("--head <count>", "rows", "5")
  .option("--columns <names>", "these only, with commas");

data
  .command("prefetch <id...>")
  .description(
    "Bring datasets into the hub's cache; an environment's id may hold `*`, as in 'math:*'.",
  )
  .action(async (ids: string[], _: unknown, command: Command) => {
    const { runPrefetch } = await import("./data.ts");
    await runPrefetch(ids, command.optsWithGlobals<DataArguments>());
  });

for (const command of [data, ...data.commands]) {
  command
    .option("--config <name>", "the dataset's configuration")
    .option("--split <name>", "the split")
    .option("--revision <name>", "a branch, tag or commit of the repository");
}

data.action(async (id: string, given: DataArguments) => {
  const { runData } = await import("./data.ts");
  await runData(id, given);
});

program
  .command("search-server")
  .description(
    "Serve passages to SearchTool and its like (POST /retrieve) until a signal ends it; prints its address as JSON.",
  )
  .option("--corpus <file>", "JSON lines with contents, or title and text; .gz too")
  .option("--index <folder>", "where the index lies, or is made (default: <corpus>.index)")
  .option(
    "--method <name>",
    "bm25, dense or hybrid; serp, google, elasticsearch, opensearch, qdrant or remote",
    "bm25",
  )
  .option("--topk <count>", "passages for a query that names no number", "3")
  .option("--host <address>", "the address to listen on; there is no access control", "127.0.0.1")
  .option("--port <number>", "0 for any that is free", "8000")
  .option("--timeout <seconds>", "time for one request", "30")
  .option("--threads <count>", "threads that search (default: one a core)")
  .option("--embedding-url <url>", "a server that makes vectors; GEM_EMBEDDING_KEY is its key")
  .option("--embedding-api <kind>", "openai or tei (default: told by the address)")
  .option("--embedding-model <name>", "the model")
  .option("--embedding-folder <folder>", "a folder of ONNX models, to make vectors in this process")
  .option("--vector-store <kind>", "flat (in memory, exact) or lancedb", "flat")
  .option("--url <url>", "the server that is asked; GEM_SEARCH_KEY is its key")
  .option("--collection <name>", "the index or collection there")
  .option("--fields <names>", "elasticsearch, opensearch: the fields to search, with commas")
  .option("--vector-field <name>", "the field or name of the vectors there")
  .option("--remote-format <kind>", "remote: msgpack or json", "msgpack")
  .option("--engine <name>", "serp: its search engine; google: the engine's id (cx)")
  .option("--snippet-only", "google: do not read the pages that are found")
  .action(async (given: SearchServerArguments) => {
    const { runSearchServer } = await import("./search-server.ts");
    await runSearchServer(given);
  });

program
  .command("time-mcp")
  .description("An MCP server that knows the time: an example for MCPTool, and a peer for tests.")
  .option("--transport <kind>", "stdio, streamable-http (or http), or sse", "streamable-http")
  .option("--host <address>", "the address to listen on; there is no access control", "127.0.0.1")
  .option("--port <number>", "0 for any that is free", "8081")
  .option("--path <path>", "where it answers", "/time-mcp")
  .option("--parent-pid <pid>", "end with this process, or when standard input closes")
  .action(async (given: TimeMcpArguments) => {
    const { runTimeMcp } = await import("./time-mcp.ts");
    await runTimeMcp(given);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!isGemError(error)) throw error;
  process.stderr.write(`gem: ${error.message}\n`);
  process.exitCode = 2;
}
