import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { JSONRPCMessageSchema, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { HostLog } from "../../hosts/host-log.ts";
import type { StdioServer } from "./config.ts";
import { withParentDeathSignal } from "./parent-death.ts";

/** The longest line that is read; a server that sends a longer one is ended. */
const LONGEST_LINE_BYTES = 16_777_216;
/** How long a server may take to end by itself, and again after it was told to. */
const GRACE_MS = 1000;
const NEWLINE = 0x0a;
/** What a server is given of our own environment: enough to find programs and its user's files, and no secrets. */
const INHERITED = ["HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LANG", "TZ", "TMPDIR"];

const running = new Set<number>();
let isHooked = false;

/**
 * An MCP server that is a program of this machine: JSON, a line each, over its standard input and output. It leads a process
 * group of its own, which ends with the connection, with this thread and with this process. Its standard error goes to the log.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #spec: StdioServer;
  readonly #log: HostLog;
  #child: ChildProcess | undefined;
  #parts: Buffer[] = [];
  #size = 0;
  #end = "it ended";
  #lastGarbage: string | undefined;

  constructor(name: string, spec: StdioServer) {
    this.#spec = spec;
    this.#log = new HostLog({ mcpServer: name });
  }

  /** How it ended, as a clause: `it ended with status 1: no such file`. */
  get ending(): string {
    const { lastLine } = this.#log;
    return lastLine === "" ? this.#end : `${this.#end}: ${lastLine.slice(0, 300)}`;
  }

  /** The newest line that is no message, where there was one: some servers print to the wrong stream. */
  get garbage(): string | undefined {
    return this.#lastGarbage;
  }

  /** The server's process; undefined when it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const { command, args, env, cwd } = this.#spec;
    const [program, ...rest] = await withParentDeathSignal([command, ...args]);
    const child = spawn(program, rest, {
      cwd,
      env: { ...inherited(), ...env },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    child.stdin.on("error", (error) => this.onerror?.(error));
    child.stdout.on("error", (error) => this.onerror?.(error));
    this.#log.read(child.stderr, "stderr");
    keepNothingAlive(child);
    child.once("exit", (status, signal) => this.#ended(child, status, signal));
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    if (child.pid !== undefined) remember(child.pid);
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    return new Promise((resolve, reject) => {
      if (stdin?.writable !== true) reject(new UnsentError("it does not run"));
      else
        stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const { pid } = child;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.stdin?.end();
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (await settlesWithin(ended, GRACE_MS)) return;
      signalGroup(pid, signal);
    }
    await ended;
  }

  /** Ends it at once. */
  kill(): void {
    if (this.pid !== undefined) signalGroup(this.pid, "SIGKILL");
  }

  #ended(child: ChildProcess, status: number | null, signal: NodeJS.Signals | null): void {
    if (child.pid !== undefined) {
      // What it has started does not outlive it.
      signalGroup(child.pid, "SIGKILL");
      running.delete(child.pid);
    }
    this.#end = signal === null ? `it ended with status ${status}` : `it was ended by ${signal}`;
    const settle = (): void => {
      this.#child = undefined;
      this.onclose?.();
    };
    // What it wrote last may not have been read yet.
    if (child.stderr?.readableEnded === true) settle();
    else void settlesWithin(streamEnd(child), GRACE_MS).then(settle);
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
      this.#line(Buffer.concat([...this.#parts, rest.subarray(0, at)]));
      this.#parts = [];
      this.#size = 0;
      rest = rest.subarray(at + 1);
    }
    this.#size += rest.length;
    if (rest.length > 0) this.#parts.push(rest);
    if (this.#size <= LONGEST_LINE_BYTES) return;
    this.#parts = [];
    this.#size = 0;
    this.#lastGarbage = `a line of more than ${LONGEST_LINE_BYTES} bytes`;
    this.kill();
  }

  #line(bytes: Buffer): void {
    const line = bytes.toString("utf8").trim();
    if (line === "") return;
    let message: JSONRPCMessage;
    try {
      message = JSONRPCMessageSchema.parse(JSON.parse(line));
    } catch {
      this.#lastGarbage = line.slice(0, 100);
      return;
    }
    this.onmessage?.(message);
  }
}

/** That a message was not sent. */
export class UnsentError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "UnsentError";
  }
}

function inherited(): Record<string, string> {
  const found = INHERITED.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    found.filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** A program that has nothing else to do ends, whatever servers it has started. */
function keepNothingAlive(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
}

function remember(pid: number): void {
  running.add(pid);
  if (isHooked) return;
  isHooked = true;
  process.once("exit", () => {
    for (const leader of running) signalGroup(leader, "SIGKILL");
  });
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group is gone.
  }
}

function streamEnd(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.stderr?.once("close", () => resolve()));
}

async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const result = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return result;
}
