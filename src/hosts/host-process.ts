import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { isGemError } from "../errors.ts";
import { needFrame, readClientFrame, resultFrame, type ClientFrame } from "../protocol/frame.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { Alarm } from "./alarm.ts";
import type { HostCommand } from "./host-command.ts";
import { HostLog } from "./host-log.ts";
import type { LossReason, LossRole } from "./host-lost.ts";
import { HostLink } from "./link.ts";
import { QuestionLine } from "./question-line.ts";
import { settle, type Question } from "./question.ts";
import { residentBytes } from "./resident.ts";
import { startHost } from "./start-host.ts";

/** The host's second call, `attach`, is the one that needs belong to. */
const ATTACH = 2;
/** How long a process that is to end may take, and how long what it has started may hold its streams. */
const CLOSE_MS = 1000;
const MEMORY_CHECK_MS = 1000;
/** How much of the newest answer's time goes into the usual one. */
const NEWEST_SHARE = 1 / 8;
/** A question runs long when it takes this many times the usual. */
const UNUSUAL = 20;
/** Signals that a process seldom sends to itself. */
const FROM_OUTSIDE: ReadonlySet<string> = new Set(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"]);
const MIB = 1_048_576;

/** What a process may do, and how long. */
export interface ProcessLimits {
  readonly startMs: number;
  readonly rescueMs: number;
  /** Of what nobody waits for any more. */
  readonly deadlineMs: number;
  readonly maxMemoryBytes: number;
}

/** What a process tells its pool. */
export interface ProcessEvents {
  /** It has attached its library. */
  readonly onReady: (host: HostProcess) => void;
  /** A question has its answer. */
  readonly onAnswer: (host: HostProcess) => void;
  /** The first question runs long; told again every now and then. */
  readonly onSlow: (host: HostProcess) => void;
  /** It is gone; what it was asked is the pool's to settle. */
  readonly onEnd: (host: HostProcess, questions: readonly Question[], end: HostEnd) => void;
}

/** How a process ended. */
export interface HostEnd {
  readonly reason: LossReason;
  /** A clause: `it was ended by SIGSEGV`. */
  readonly detail: string;
  /** Whether it had not attached its library, answered, or was to end. */
  readonly during: "starting" | "ready" | "closing";
  /** What the first of the questions is: it ran and did it, it ran when somebody else did it, or it had not begun. */
  readonly first: LossRole;
}

type Answer = Extract<ClientFrame, { kind: "answer" }>;
type HostCall = Extract<ClientFrame, { kind: "call" }>;

/** One Python process: questions in, answers out in the same order. */
export class HostProcess {
  readonly bornAt: number = performance.now();
  /** Objects that are not released. */
  objects = 0;
  /** Answers so far. */
  answers = 0;
  /** Whether it gets no more work, and ends when its last object is released. */
  isDue = false;
  /** Whether its first question runs long, so that others do not wait for it. */
  isSlow = false;
  /** How long a question usually runs, in ms; 0: not known yet. */
  usualMs = 0;
  /** Settles when the process is gone. */
  readonly ended: Promise<void>;
  readonly #limits: ProcessLimits;
  readonly #events: ProcessEvents;
  readonly #child: ChildProcess;
  readonly #link: HostLink;
  readonly #log: HostLog;
  readonly #line = new QuestionLine();
  readonly #alarm = new Alarm(() => this.#judgeFirst());
  readonly #start: NodeJS.Timeout;
  /** Questions asked before it was ready. */
  #early: Buffer[] = [];
  #state: "starting" | "ready" | "closing" | "ended" = "starting";
  #death: { readonly reason: LossReason; readonly detail: string } | undefined;
  #wasKilled = false;
  #asked = 0;
  #answered = 0;
  /** Since when the first question runs. */
  #firstSince = 0;
  #memoryCheckedAt = 0;

  constructor(command: HostCommand, limits: ProcessLimits, events: ProcessEvents) {
    this.#limits = limits;
    this.#events = events;
    const { child, socket } = startHost(command);
    this.#child = child;
    this.#log = new HostLog({ host: command.name, hostPid: child.pid });
    this.#link = new HostLink(
      socket,
      (frame) => this.#take(frame),
      () => this.#awaitEnd(),
    );
    this.ended = this.#listen();
    this.#start = setTimeout(
      () => this.#kill("deadline", `it did not start within ${limits.startMs} ms`),
      limits.startMs,
    ).unref();
  }

  /** Whether it has attached its library and answers. */
  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** Whether it is starting, or ready. */
  get isAlive(): boolean {
    return this.#state === "starting" || this.#state === "ready";
  }

  /** Questions that have no answer yet. */
  get pending(): number {
    return this.#line.length;
  }

  /** Whether somebody waits for one of them. */
  get isWanted(): boolean {
    return this.#line.isWanted;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Asks. The question is settled by the answer, or handed to `onEnd`.
   *
   * @throws GEM_LIMIT, TypeError when it has no form on the wire
   */
  ask(question: Question): void {
    const frame = needFrame(ATTACH, this.#asked + 1, [question.item]);
    this.#asked += 1;
    this.#line.add(question);
    if (this.#line.length === 1) {
      this.#link.keepAlive(true);
      this.#beginFirst();
    }
    if (this.#state === "ready") {
      this.#link.send(frame);
      this.#watchFirst();
    } else {
      this.#early.push(frame);
    }
  }

  /** Takes the questions that wait behind the one that runs. */
  takeWaiting(): readonly Question[] {
    return this.#line.takeWaiting();
  }

  /** Lets it end, and ends it when that takes too long. */
  close(): Promise<void> {
    if (!this.isAlive) return this.ended;
    this.#state = "closing";
    clearTimeout(this.#start);
    this.#link.end();
    this.#awaitEnd();
    return this.ended;
  }

  /** Ends it at once, with all that it has started. */
  kill(): void {
    this.#kill("exit", "it was ended");
  }

  #take(frame: Buffer): void {
    let message: ClientFrame;
    try {
      message = readClientFrame(frame);
    } catch (error) {
      if (!isGemError(error)) throw error;
      this.#kill("exit", `it sent what cannot be read: ${error.message}`);
      return;
    }
    if (message.kind === "answer") this.#takeAnswer(message);
    else if (message.kind === "call") this.#takeCall(message);
    else this.#kill("exit", `it sent what cannot be read: ${message.error.message}`);
  }

  #takeCall({ n, method }: HostCall): void {
    if (method === "hello") {
      const about = { version: PROTOCOL_VERSION, pid: process.pid, worker: 0, endpoints: [] };
      this.#link.send(resultFrame(n, about));
    } else if (method === "attach" && n === ATTACH && this.#state === "starting") {
      this.#attach();
    } else {
      this.#kill("exit", `it called ${method}`);
    }
  }

  #attach(): void {
    clearTimeout(this.#start);
    this.#state = "ready";
    this.#memoryCheckedAt = performance.now();
    for (const early of this.#early) this.#link.send(early);
    this.#early = [];
    if (this.#line.length > 0) {
      this.#beginFirst();
      this.#watchFirst();
    } else {
      this.#link.keepAlive(false);
    }
    this.#events.onReady(this);
  }

  #takeAnswer({ round, outcomes }: Answer): void {
    this.#answered += 1;
    if (round !== this.#answered || this.#line.length === 0) {
      this.#kill("exit", `it answered round ${round}, where ${this.#answered} was expected`);
      return;
    }
    const question = this.#line.shift();
    const startedAt = this.#firstSince;
    this.#beginFirst();
    const ranMs = this.#firstSince - startedAt;
    this.answers += 1;
    this.usualMs += this.answers === 1 ? ranMs : (ranMs - this.usualMs) * NEWEST_SHARE;
    if (this.#line.length === 0) this.#link.keepAlive(false);
    else this.#watchFirst();
    if (question !== undefined) settle(question, outcomes[0]);
    if (this.#firstSince - this.#memoryCheckedAt > MEMORY_CHECK_MS) void this.#checkMemory();
    this.#events.onAnswer(this);
  }

  #beginFirst(): void {
    this.#firstSince = performance.now();
    this.isSlow = false;
  }

  /** How long a question may run before others do not wait for it, in ms. */
  get #patienceMs(): number {
    return Math.max(this.#limits.rescueMs, UNUSUAL * this.usualMs);
  }

  #watchFirst(): void {
    const deadlineMs = this.#line.first?.deadlineMs ?? this.#limits.deadlineMs;
    this.#alarm.set(this.#firstSince + Math.min(this.#patienceMs, deadlineMs, MEMORY_CHECK_MS));
  }

  /** Looks whether the first question runs long, or too long. */
  #judgeFirst(): void {
    if (this.#state !== "ready" || this.#line.length === 0) return;
    const now = performance.now();
    const ranMs = now - this.#firstSince;
    const deadlineMs = this.#line.first?.deadlineMs ?? this.#limits.deadlineMs;
    if (ranMs >= deadlineMs) {
      this.#kill("deadline", `it ran longer than ${deadlineMs} ms`);
      return;
    }
    if (now - this.#memoryCheckedAt >= MEMORY_CHECK_MS) void this.#checkMemory();
    const patienceMs = this.#patienceMs;
    if (ranMs >= patienceMs) {
      this.isSlow = true;
      this.#events.onSlow(this);
    }
    const next = ranMs < patienceMs ? patienceMs - ranMs : MEMORY_CHECK_MS;
    this.#alarm.set(now + Math.min(next, deadlineMs - ranMs, MEMORY_CHECK_MS));
  }

  async #checkMemory(): Promise<void> {
    this.#memoryCheckedAt = performance.now();
    const { pid } = this.#child;
    if (pid === undefined) return;
    const bytes = (await residentBytes(pid)) ?? (await this.#askMemory());
    const { maxMemoryBytes } = this.#limits;
    if (bytes > maxMemoryBytes) this.isDue = true;
    if (bytes <= 2 * maxMemoryBytes || this.#state !== "ready") return;
    this.#kill("memory", `it took ${Math.round(bytes / MIB)} MiB of memory`);
  }

  /** Resident bytes as the host tells them; 0 when it does not. */
  #askMemory(): Promise<number> {
    const { deadlineMs } = this.#limits;
    return new Promise((resolve) => {
      if (this.#state !== "ready") resolve(0);
      else
        this.ask({
          item: [0, "memory", [], {}],
          deadlineMs,
          owner: "a host",
          resolve: (bytes) => resolve(typeof bytes === "number" ? bytes : 0),
          reject: () => resolve(0),
        });
    });
  }

  /** Lets the process end by itself, since its connection is closed. */
  #awaitEnd(): void {
    this.#child.ref();
    for (const stream of this.#child.stdio) if (stream instanceof Socket) stream.ref();
    setTimeout(() => this.#kill("exit", "it was ended"), CLOSE_MS).unref();
  }

  /** Ends the process and all that it has started. */
  #kill(reason: LossReason, detail: string): void {
    const { pid, exitCode, signalCode } = this.#child;
    // Once it has been waited for, its number may be another's. What it has started is then ended by its keeper.
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.#death ??= { reason, detail };
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      this.#child.kill("SIGKILL");
    }
  }

  #listen(): Promise<void> {
    const child = this.#child;
    const { stdout, stderr } = child;
    for (const [stream, name] of [[stdout, "stdout"] as const, [stderr, "stderr"] as const]) {
      if (!(stream instanceof Socket)) continue;
      this.#log.read(stream, name);
      stream.unref();
    }
    child.unref();
    return new Promise((resolve) => {
      const end = (detail: string): void => {
        if (this.#state === "ended") return;
        this.#end(detail);
        resolve();
      };
      child.once("error", (error) => end(`it could not be run (${error.message})`));
      child.once("exit", () => {
        setTimeout(() => {
          for (const stream of child.stdio) stream?.destroy();
        }, CLOSE_MS).unref();
      });
      // After all that it has sent was read: answers that it gave before it ended count.
      child.once("close", (code, signal) => {
        this.#wasKilled = signal !== null && FROM_OUTSIDE.has(signal);
        end(signal === null ? `it ended with exit code ${code ?? 0}` : `it was ended by ${signal}`);
      });
    });
  }

  #end(how: string): void {
    const during = this.#state === "ended" ? "closing" : this.#state;
    this.#state = "ended";
    clearTimeout(this.#start);
    this.#alarm.clear();
    const ran = during === "ready" && this.#line.first !== undefined;
    const isAccident = this.#death === undefined && this.#wasKilled;
    const first = !ran ? "bystander" : isAccident ? "suspect" : "culprit";
    const { reason, detail } = this.#death ?? { reason: "exit", detail: how };
    const last =
      during === "starting" && this.#log.lastLine !== "" ? `: ${this.#log.lastLine}` : "";
    const end: HostEnd = { reason, detail: detail + last, during, first };
    this.#events.onEnd(this, this.#line.takeAll(), end);
  }
}
