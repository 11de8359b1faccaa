#!/usr/bin/env node
/** The `gem` command. Each command's module is loaded when it runs, so that the server starts fast. */
import { Command } from "commander";
import { isGemError } from "../errors.ts";
import type { CheckArguments } from "./check.ts";
import type { DataArguments } from "./data.ts";
import type { DrainArguments } from "./drain.ts";
import type { InstallArguments, ListHostsArguments } from "./hosts.ts";
import type { ListArguments } from "./list.ts";
import type { SearchServerArguments } from "./search-server.ts";
import type { ReplayArguments } from "./replay.ts";
import type { ServeArguments } from "./serve.ts";
import type { TimeMcpArguments } from "./time-mcp.ts";
import type { TopArguments } from "./top.ts";
import type { WebshopArguments } from "./webshop.ts";

const program = new Command("gem").description("Environments for language agents.");

program
  .command("serve")
  .description(
    "Serve environments until the parent process or a signal ends it; prints its addresses as JSON.",
  )
  .option("--transport <kind>", "unix or ipc (this machine only), or tcp", "unix")
  .option("--host <address>", "tcp: the address to listen on", "127.0.0.1")
  .option("--port <number>", "tcp: the first worker's port; 0 for any", "0")
  .option("--tcp <host:port>", "short for --transport tcp, --host and --port")
  .option("--curve <folder>", "tcp: let in only clients with keys ('gem keys new' makes them)")
  .option("--workers <count>", "worker threads (default: GEM_WORKERS, or one a core, at most 8)")
  .option("--parent-pid <pid>", "end with this process, or when standard input closes")
  .option("--shared", "with --parent-pid: let others than that process use it, too")
  .option(
    "--join <file:///folder>",
    "be in this folder of servers until it drains or ends; trainers name it in GEM_SERVER",
  )
  .option(
    "--advertise <host>",
    "tcp, with --join: under which name or address others reach this machine",
  )
  .option("--allow-programs", "run environments that clients register with host=True")
  .option(
    "--grace <seconds>",
    "how long a client of another machine may be away before its environments are closed (default: 60)",
  )
  .option(
    "--metrics <host:port>",
    "serve Prometheus metrics there; port 0 for any (default: GEM_METRICS, or nowhere)",
  )
  .option("--end-when-idle <seconds>", "end after so long without a client")
  .option("--max-environments <count>", "environments of one client on each worker")
  .option("--max-sessions <count>", "sessions of one client on each worker (default: 10000)")
  .option("--max-calls-per-second <count>", "calls of one client on each worker (default: any)")
  .option("--max-frame-mb <count>", "MiB that a client may send at once (default: 64)")
  .action(async (given: ServeArguments) => {
    const { runServe } = await import("./serve.ts");
    await runServe(given);
  });

program
  .command("drain <address...>")
  .description("Let servers end when what they have is closed; until then they make nothing new.")
  .option("--deadline <seconds>", "end after so long in any case")
  .action(async (addresses: string[], given: DrainArguments) => {
    const { runDrain } = await import("./drain.ts");
    await runDrain(addresses, given);
  });

const keys = program
  .command("keys")
  .description("Keys of servers that other machines can reach, and of their clients.");

keys
  .command("new <folder>")
  .description("Make a folder with a server's keys, a file of keys for each client, and a list.")
  .option("--client <name...>", "the clients' names (default: client)")
  .action(async (folder: string, given: { readonly client?: string[] }) => {
    const { runNewKeys } = await import("./keys.ts");
    runNewKeys(folder, given.client ?? []);
  });

keys
  .command("add <folder> <name...>")
  .description("Make keys for further clients of that server, and let them in.")
  .action(async (folder: string, names: string[]) => {
    const { runAddKeys } = await import("./keys.ts");
    runAddKeys(folder, names);
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

program
  .command("top [address...]")
  .description(
    "Show what servers do: steps a second, how long they take, sessions, faults, queues. Without addresses: those of GEM_SERVER and your private servers on this machine.",
  )
  .option("--once", "print one table, over one second")
  .option("--json", "print one line of JSON, over one second")
  .action(async (addresses: string[], given: TopArguments) => {
    const { runTop } = await import("./top.ts");
    await runTop(addresses, given);
  });

program
  .command("replay <file>")
  .description("Play recorded episodes again and name the first difference of each.")
  .option("--episode <number>", "this one only, counted from 1")
  .option("--id <id...>", "environments of these ids only; an id may hold `*`")
  .option("--json", "as a report in JSON")
  .action(async (file: string, given: ReplayArguments) => {
    const { runReplay } = await import("./replay.ts");
    await runReplay(file, given);
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

data
  .command("packed")
  .description("Show the packed copies of datasets, which make them load fast, and what they take.")
  .option("--remove", "remove them instead; they are made again when they are needed")
  .action(async (given: { readonly remove?: boolean }) => {
    const { runPacked } = await import("./data.ts");
    runPacked(given);
  });

program
  .command("webshop")
  .description("The shop of the environments webshop:*.")
  .command("build")
  .description("Make the shop of products and goals: datasets of the hub, or files.")
  .option("--products <name>", "the products", "axon-rl/webshop")
  .option("--train <name>", "the goals to train with", "axon-rl/webshop_instructions")
  .option("--test <name>", "the goals to test with", "axon-rl/webshop_instructions")
  .option("--folder <folder>", "where it lies (default: GEM_WEBSHOP, or ~/.cache/gem/webshop)")
  .action(async (given: WebshopArguments) => {
    const { runWebshopBuild } = await import("./webshop.ts");
    await runWebshopBuild(given);
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
