import { randomBytes } from "node:crypto";
import { GemError, didYouMean, isGemError, show } from "../errors.ts";
import { errorFrame, readClientFrame, resultFrame, type ClientFrame } from "../protocol/frame.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import type { Gone, Receive, Reply } from "../transport/transport.ts";
import { Call } from "./call.ts";
import type { WorkerContext } from "./context.ts";
import { Group } from "./group.ts";
import { errorFields } from "./log.ts";
import { Insight } from "./metrics/insight.ts";
import { METHODS } from "./methods/index.ts";
import type { Method, Params } from "./methods/method.ts";
import { DEFAULT_QUOTAS } from "./quotas.ts";
import type { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";

type CallFrame = Extract<ClientFrame, { kind: "call" }>;

/** Turns frames into calls of methods, and what they give or throw into replies. The one place that catches everything. */
export class Dispatcher {
  /** What the worker knows of its own work. */
  readonly insight: Insight;
  readonly #worker: WorkerContext;
  readonly #sessions: Sessions;
  readonly #mostBytes: number;
  /** Tells this worker from those that were at its address before. */
  readonly #born: Uint8Array = randomBytes(8);

  constructor(worker: WorkerContext) {
    this.#sessions = new Sessions(worker);
    this.insight = new Insight(worker.index, this.#sessions);
    this.#worker = { ...worker, insight: this.insight };
    this.#mostBytes = (worker.quotas ?? DEFAULT_QUOTAS).frameBytes;
  }

  /** Who is known, and who is there. */
  get sessions(): Sessions {
    return this.#sessions;
  }

  /** Takes notice that a peer is gone. */
  readonly gone: Gone = (peer) => this.#sessions.leases.gone(peer);

  /** Takes one frame of a client. */
  readonly receive: Receive = (frame, reply) => {
    let message: ClientFrame;
    try {
      message = readClientFrame(frame, this.#mostBytes);
    } catch (error) {
      reply(this.#errorFrame(0, error, "frame"));
      return;
    }
    const session = this.#sessions.find(message.session);
    if (session === undefined) {
      this.#receiveFirst(message, reply);
      return;
    }
    if (session.reply !== reply || !session.isConnected)
      this.#sessions.leases.connect(session, reply);
    if (message.kind === "answer" || (message.kind === "bad" && message.of === "answer"))
      this.#receiveAnswer(session, message);
    else this.#receiveCall(session, message);
  };

  /** Of a session that is not known, only `hello` is understood. */
  #receiveFirst(message: ClientFrame, reply: Reply): void {
    const { n } = message;
    if (message.kind === "bad") {
      reply(errorFrame(n, message.error));
    } else if (message.kind === "call" && message.method === "hello" && n === 1) {
      this.#hello(message, reply);
    } else {
      reply(errorFrame(n, this.#sessions.lost(message.session)));
    }
  }

  #hello({ session: name, n, params }: CallFrame, reply: Reply): void {
    try {
      const session = this.#sessions.open(name, params, reply);
      session.advance();
      const { index, endpoints, shm } = this.#worker;
      const version = PROTOCOL_VERSION;
      session.conclude(
        resultFrame(n, {
          version,
          pid: process.pid,
          worker: index,
          endpoints,
          shm,
          born: this.#born,
        }),
      );
    } catch (error) {
      reply(this.#errorFrame(n, error, "hello"));
    }
  }

  #receiveCall(session: Session, message: Exclude<ClientFrame, { kind: "answer" }>): void {
    if (message.n === session.n) {
      session.repeat();
    } else if (message.n !== session.n + 1) {
      const text = `Call ${message.n} is out of order: the last one was ${session.n}.`;
      session.reply(errorFrame(message.n, new GemError("GEM_BAD_FRAME", text)));
    } else if (message.kind === "bad") {
      session.conclude(errorFrame(session.advance(), message.error));
    } else {
      this.#start(session, message);
    }
  }

  #receiveAnswer(session: Session, message: Exclude<ClientFrame, { kind: "call" }>): void {
    if (message.n !== session.n) return;
    if (message.kind === "bad") session.current?.failNeeds(message.error);
    else if (session.current === undefined) session.repeat();
    else session.current.answer(message.round, message.outcomes);
  }

  #start(session: Session, { session: name, method: methodName, params }: CallFrame): void {
    const n = session.advance();
    try {
      if (methodName === "bye") {
        session.conclude(resultFrame(n, null));
        this.#sessions.close(name);
        return;
      }
      session.client.rate?.admit(methodName);
      const method = findMethod(methodName);
      const groups = method.groups?.(session.client, params) ?? [];
      const arrived = performance.now();
      const run = (call: Call): void => this.#run(call, methodName, method, params, arrived);
      session.current = new Call(this.#worker, session, n, groups, run);
    } catch (error) {
      session.conclude(this.#errorFrame(n, error, methodName));
      return;
    }
    this.insight.waiting += 1;
    Group.enter(session.current);
  }

  #run(call: Call, name: string, method: Method, params: Params, arrived: number): void {
    const subject = this.insight.begin(call.client, name, params);
    const span = this.insight.span(name, subject);
    const finish = (frame: Buffer, failed: boolean): void => {
      // The reply comes first: what is noted of the call costs its client nothing.
      call.finish(frame);
      this.insight.end(subject, arrived, failed, span);
    };
    let value: unknown;
    try {
      value = method.run(call, params);
    } catch (error) {
      finish(this.#errorFrame(call.n, error, name), true);
      return;
    }
    if (value instanceof Promise) {
      value.then(
        (result: unknown) => finish(this.#resultFrame(call.n, result, name), false),
        (error: unknown) => finish(this.#errorFrame(call.n, error, name), true),
      );
    } else {
      finish(this.#resultFrame(call.n, value, name), false);
    }
  }

  #resultFrame(n: number, value: unknown, method: string): Buffer {
    try {
      return resultFrame(n, value);
    } catch (error) {
      return this.#errorFrame(n, error, method);
    }
  }

  /** The frame of an error. Of a bug the client gets a correlation id; its stack goes to the log. */
  #errorFrame(n: number, error: unknown, method: string): Buffer {
    const cause = rootCause(error);
    if (isGemError(error) && isGemError(cause)) return errorFrame(n, error);
    const correlation = randomBytes(6).toString("hex");
    this.#worker.log("error", "A bug", { method, correlation, ...errorFields(cause) });
    if (isGemError(error)) {
      const details = { ...error.details, correlation };
      return errorFrame(n, new GemError(error.code, error.message, details));
    }
    const message = `The server failed in ${method}; this is a bug in it. Its log has the details under ${correlation}.`;
    return errorFrame(n, new GemError("GEM_INTERNAL", message, { correlation }));
  }
}

/** What an error goes back to, through any number of causes. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  return cause;
}

function findMethod(name: string): Method {
  const method = METHODS.get(name);
  if (method !== undefined) return method;
  throw new GemError(
    "GEM_UNKNOWN_METHOD",
    `The protocol has no method ${show(name)}.${didYouMean(name, METHODS.keys())}`,
  );
}
