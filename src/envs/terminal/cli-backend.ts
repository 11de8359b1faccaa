import { spawn, type ChildProcess } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { GemError } from "../../errors.ts";
import { runCommand, type CommandOutcome } from "./command.ts";
import type {
  Container,
  ContainerBackend,
  ContainerPlan,
  ExecOutcome,
  ExecRequest,
} from "./container.ts";

const CANDIDATES = ["docker", "podman"];
const LABEL = "gem.terminal";
const NEVER: AbortSignal = new AbortController().signal;
/** What ending a command's processes may take. */
const GRACE_MS = 30_000;
/** Ends whatever carries a mark in its environment. */
const KILL_MARKED =
  'for f in $(grep -ls "GEM_EXEC=$1" /proc/[0-9]*/environ); do p="${f#/proc/}"; kill -9 "${p%/environ}" 2>/dev/null; done; exit 0';
/** Waits until whoever started it is gone or closes its input, then removes the container. */
const KEEP = 'cat >/dev/null; exec "$@"';

/**
 * Containers by the command line of Docker or Podman, which know contexts, remote engines and rootless use by themselves.
 *
 * Every container has a keeper, a small process that removes it as soon as this process is gone, however it ended.
 */
export class CliBackend implements ContainerBackend {
  readonly #named: string | undefined;
  #command: Promise<string> | undefined;
  /** Images that are being built, by name. */
  readonly #builds = new Map<string, Promise<void>>();

  /** @param command the program; default: `GEM_CONTAINER_CLI`, else the first of docker and podman that works */
  constructor(command: string | undefined = process.env["GEM_CONTAINER_CLI"]) {
    this.#named = command === "" ? undefined : command;
  }

  async start(plan: ContainerPlan, signal: AbortSignal): Promise<Container> {
    const command = await this.#program();
    const image = await this.#image(command, plan, signal);
    const name = `gem-${randomUUID()}`;
    const keeper = startKeeper(command, name);
    const container = new CliContainer(command, name, keeper);
    try {
      const variables = Object.entries(plan.env).flatMap(([key, value]) => [
        "-e",
        `${key}=${value}`,
      ]);
      const folder = plan.workingFolder === undefined ? [] : ["-w", plan.workingFolder];
      const args = [
        "run",
        "-d",
        "--name",
        name,
        "--stop-timeout",
        "0",
        "--label",
        LABEL,
        ...variables,
        ...folder,
        image,
      ];
      const outcome = await runCommand(command, [...args, ...plan.command], { signal });
      if (outcome.exitCode !== 0)
        throw failed(`The container of ${image} cannot be started`, outcome);
      await container.findShell(signal);
      return container;
    } catch (error) {
      await container.remove().catch(() => undefined);
      throw error;
    }
  }

  #program(): Promise<string> {
    this.#command ??= findProgram(this.#named).catch((error: unknown) => {
      // It may be installed or started meanwhile.
      this.#command = undefined;
      throw error;
    });
    return this.#command;
  }

  async #image(command: string, plan: ContainerPlan, signal: AbortSignal): Promise<string> {
    const { source } = plan;
    if ("image" in source) return source.image;
    const { context, dockerfile } = source;
    const hash = createHash("sha256").update(`${context}\0${dockerfile}`).digest("hex");
    const image = `gem-task-${hash.slice(0, 16)}`;
    if (plan.noRebuild) {
      const found = await runCommand(command, ["image", "inspect", image], { signal });
      if (found.exitCode === 0) return image;
    }
    // One build serves all that wait for it, so it does not end with the first of them.
    let build = this.#builds.get(image);
    if (build === undefined) {
      build = buildImage(command, image, source).finally(() => this.#builds.delete(image));
      this.#builds.set(image, build);
    }
    await build;
    signal.throwIfAborted();
    return image;
  }
}

class CliContainer implements Container {
  readonly name: string;
  readonly #command: string;
  readonly #keeper: ChildProcess;
  #shell = "sh";
  #removal: Promise<void> | undefined;

  constructor(command: string, name: string, keeper: ChildProcess) {
    this.#command = command;
    this.name = name;
    this.#keeper = keeper;
  }

  /** Finds bash; an image without it gets along with sh. */
  async findShell(signal: AbortSignal): Promise<void> {
    const args = ["exec", this.name, "sh", "-c", "command -v bash || command -v sh"];
    const outcome = await runCommand(this.#command, args, { signal });
    if (outcome.exitCode !== 0)
      throw failed("The container has no shell, or ended at once", outcome);
    this.#shell = outcome.stdout.trim();
  }

  async exec({
    command,
    timeoutMs,
    keepBytes,
    env = {},
    signal,
  }: ExecRequest): Promise<ExecOutcome> {
    const mark = randomUUID();
    const marked = Object.entries({ ...env, GEM_EXEC: mark });
    const variables = marked.flatMap(([key, value]) => ["-e", `${key}=${value}`]);
    // Both streams are joined inside, in order, so that standard error is the client's own.
    const joined = ["sh", "-c", 'exec 2>&1; exec "$@"', "sh", this.#shell, "-c", command];
    const args = ["exec", ...variables, this.name, ...joined];
    const outcome = await this.#within(
      runCommand(this.#command, args, { signal, timeoutMs, keepBytes }),
      mark,
    );
    const { exitCode, stdout, stdoutBytes, timedOut } = outcome;
    if (timedOut) await this.#kill(mark);
    if (exitCode !== 0 && !timedOut) await this.#assertRunning(outcome);
    return {
      output: stdout,
      bytes: stdoutBytes,
      exitCode: timedOut ? 124 : (exitCode ?? 255),
      timedOut,
    };
  }

  async copyIn(path: string, folder: string, signal: AbortSignal): Promise<void> {
    const made = ["exec", "-u", "0", this.name, "mkdir", "-p", folder];
    const copied = ["cp", path, `${this.name}:${folder}`];
    for (const args of [made, copied]) {
      const outcome = await runCommand(this.#command, args, { signal });
      if (outcome.exitCode !== 0)
        throw failed(`${path} cannot be copied into the container`, outcome);
    }
  }

  remove(): Promise<void> {
    this.#removal ??= this.#remove();
    return this.#removal;
  }

  async #remove(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper.exitCode === null && keeper.signalCode === null) {
      const ended = once(keeper, "close");
      keeper.stdin?.end();
      await ended;
    }
    // The keeper has done it, or somebody ended the keeper: who is to remove a container makes sure that it is gone.
    const isThere = await this.#state();
    if (isThere === undefined) return;
    const args = ["rm", "-f", "-v", this.name];
    const outcome = await runCommand(this.#command, args, { signal: NEVER });
    if (outcome.exitCode !== 0 && (await this.#state()) !== undefined) {
      throw failed(`The container ${this.name} cannot be removed`, outcome);
    }
  }

  /** Whether it runs; undefined when there is no such container. */
  async #state(): Promise<boolean | undefined> {
    const args = ["inspect", "--type", "container", "-f", "{{.State.Running}}", this.name];
    const { exitCode, stdout } = await runCommand(this.#command, args, { signal: NEVER });
    return exitCode === 0 ? stdout.trim() === "true" : undefined;
  }

  async #assertRunning(outcome: CommandOutcome): Promise<void> {
    if ((await this.#state()) === true) return;
    throw failed(`The container ${this.name} ended while a command ran`, outcome);
  }

  /** Ends a command's processes too when its client is ended. */
  async #within(run: Promise<CommandOutcome>, mark: string): Promise<CommandOutcome> {
    try {
      return await run;
    } catch (error) {
      await this.#kill(mark);
      throw error;
    }
  }

  async #kill(mark: string): Promise<void> {
    const args = ["exec", "-u", "0", this.name, "sh", "-c", KILL_MARKED, "sh", mark];
    await runCommand(this.#command, args, { signal: NEVER, timeoutMs: GRACE_MS });
  }
}

function startKeeper(command: string, name: string): ChildProcess {
  const args = ["-c", KEEP, "gem-keeper", command, "rm", "-f", "-v", name];
  // In a session of its own, so that what ends this process' group does not end it.
  const keeper = spawn("/bin/sh", args, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  keeper.stdin.on("error", () => undefined);
  keeper.on("error", () => undefined);
  keeper.unref();
  return keeper;
}

async function buildImage(
  command: string,
  image: string,
  { context, dockerfile }: { readonly context: string; readonly dockerfile: string },
): Promise<void> {
  const args = ["build", "-t", image, "-f", dockerfile, context];
  const outcome = await runCommand(command, args, { signal: NEVER });
  if (outcome.exitCode !== 0) throw failed(`The image of ${context} cannot be built`, outcome);
}

// Differs from upstream D144: a missing engine is a fault; upstream pays 0 for whatever goes wrong.
async function findProgram(named: string | undefined): Promise<string> {
  const complaints: string[] = [];
  for (const command of named === undefined ? CANDIDATES : [named]) {
    try {
      const outcome = await runCommand(command, ["ps", "-q"], { signal: NEVER });
      if (outcome.exitCode === 0) return command;
      complaints.push(
        `${command}: ${outcome.stderr || `it ended with ${String(outcome.exitCode)}`}`,
      );
    } catch (error) {
      complaints.push(`${command}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new GemError(
    "GEM_UNAVAILABLE",
    `Containers cannot be run here. Install and start Docker or Podman, or name a command of their kind by GEM_CONTAINER_CLI. ${complaints.join(" ")}`,
  );
}

function failed(what: string, { exitCode, stdout, stderr }: CommandOutcome): GemError {
  const words = stderr || stdout.trim().slice(-500) || `exit code ${String(exitCode)}`;
  return new GemError("GEM_ENV_FAULT", `${what}: ${words}`);
}
