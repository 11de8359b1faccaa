import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import type { WorkerCommand } from "./command.ts";
import type { Message, Outcome } from "./frames.ts";
import { ENDINGS, encodeCancel, MessageReader } from "./frames.ts";

const START_MS = 30_000;
/** How much later than the supervisor, which is inside, the clock out here ends a run, with its whole worker. */
const GRACE_MS = 1_500;
const LOG_CHARACTERS = 4_000;
const EMPTY = Buffer.alloc(0);

/** A worker that ended although nobody told it to. */
export class WorkerLost extends Error {}

/** One process from which programs are forked, one at a time. */
export class Worker {
  /** What it said of itself when it was ready, as JSON. */
  readonly about: string;
  private readonly child: ChildProcess;
  private readonly channel: Duplex;
  private readonly receiver: Receiver;
  private alive = true;

  private constructor(child: ChildProcess, receiver: Receiver, about: string) {
    this.child = child;
    this.channel = receiver.channel;
    this.receiver = receiver;
    this.about = about;
    child.once("exit", () => (this.alive = false));
    child.unref();
    setRef(this.channel, false);
  }

  /** Starts one; `isAhead`: the program need not stay alive for it. @throws WorkerLost saying why it does not start */
  static async start({ command, args, env }: WorkerCommand, isAhead = false): Promise<Worker> {
    const stdio = ["pipe", "pipe", "pipe", "pipe"] as const;
    const child = spawn(command, args, { stdio: [...stdio], env: { ...env }, cwd: "/" });
    const receiver = new Receiver(child);
    const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
    if (isAhead) {
      child.unref();
      setRef(receiver.channel, false);
      timer.unref();
    }
    try {
      const message = await receiver.next();
      if (message.kind !== "ready") throw new WorkerLost(textOf(message));
      return new Worker(child, receiver, message.text);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether it can take a run. */
  get isAlive(): boolean {
    return this.alive;
  }

  /** Runs a program. @throws WorkerLost when the worker ends meanwhile */
  async run(request: Buffer, timeoutMs: number): Promise<Outcome> {
    const clock = { isLate: false };
    const timer = setTimeout(() => {
      clock.isLate = true;
      this.kill();
    }, timeoutMs + GRACE_MS);
    setRef(this.channel, true);
    try {
      const reply = this.receiver.next();
      this.channel.write(request);
      const message = await reply;
      if (message.kind === "result") return message.outcome;
      this.kill();
      throw new WorkerLost(textOf(message));
    } catch (error) {
      if (!clock.isLate) throw error;
      return { ...KILLED, ending: ENDINGS.timedOut };
    } finally {
      clearTimeout(timer);
      setRef(this.channel, false);
    }
  }

  /** Ends the run that is under way. */
  cancel(): void {
    this.channel.write(encodeCancel());
  }

  /** Ends the worker and everything that runs in it. */
  kill(): void {
    this.alive = false;
    this.child.kill("SIGKILL");
  }

  /** Ends it and waits until it is gone. */
  async close(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.ref();
    this.kill();
    await gone;
  }
}

const KILLED = {
  exitCode: 0,
  signal: 9,
  stdout: EMPTY,
  stderr: EMPTY,
  stdoutBytes: 0,
  stderrBytes: 0,
} as const;

interface Waiting {
  resolve(message: Message): void;
  reject(error: WorkerLost): void;
}

/** Reads a worker's messages, one at a time, and says when it has ended. */
class Receiver {
  readonly channel: Duplex;
  private readonly reader = new MessageReader();
  private waiting: Waiting | undefined;
  private end: WorkerLost | undefined;
  private log = "";

  constructor(child: ChildProcess) {
    const [stdin, stdout, stderr, channel] = child.stdio;
    if (!isDuplex(stdin) || !isDuplex(stdout) || !isDuplex(stderr) || !isDuplex(channel)) {
      throw new WorkerLost("The worker's pipes could not be opened.");
    }
    this.channel = channel;
    stdin.end();
    for (const stream of [stdin, stdout, stderr]) setRef(stream, false);
    stdout.resume();
    stderr.on("data", (bytes: Buffer) => {
      this.log = (this.log + bytes.toString()).slice(-LOG_CHARACTERS);
    });
    for (const stream of [stdin, stdout, stderr, channel]) {
      // A worker's end is told by its exit.
      stream.on("error", () => undefined);
    }
    channel.on("data", (bytes: Buffer) => {
      this.take(bytes, child);
    });
    child.once("error", (error) => {
      this.fail(error.message);
    });
    child.once("close", (code, signal) => {
      this.fail(`it ended with ${signal ?? `exit code ${String(code)}`}`);
    });
  }

  /** The next message. @throws WorkerLost */
  next(): Promise<Message> {
    if (this.end !== undefined) return Promise.reject(this.end);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  private take(bytes: Buffer, child: ChildProcess): void {
    try {
      for (const message of this.reader.read(bytes)) {
        this.waiting?.resolve(message);
        this.waiting = undefined;
      }
    } catch {
      child.kill("SIGKILL");
    }
  }

  private fail(reason: string): void {
    const log = this.log.trim();
    this.end ??= new WorkerLost(log === "" ? reason : `${reason}: ${log}`);
    this.waiting?.reject(this.end);
    this.waiting = undefined;
  }
}

function textOf(message: Message): string {
  return message.kind === "result" ? "it answered out of turn" : message.text;
}

function isDuplex(stream: unknown): stream is Duplex {
  return typeof stream === "object" && stream !== null && "on" in stream;
}

/** Whether a pipe keeps the program alive. */
function setRef(stream: Readable | Duplex, keep: boolean): void {
  const method: unknown = Reflect.get(stream, keep ? "ref" : "unref");
  if (typeof method === "function") Reflect.apply(method, stream, []);
}
