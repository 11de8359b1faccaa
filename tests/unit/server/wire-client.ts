import { randomBytes } from "node:crypto";
import { inlineHost, type EnvHost } from "../../../src/core/host.ts";
import type { Registry } from "../../../src/core/registry.ts";
import { createRegistry } from "../../../src/make.ts";
import { decode, encode } from "../../../src/protocol/codec.ts";
import { PROTOCOL_VERSION } from "../../../src/protocol/version.ts";
import type { WorkerContext } from "../../../src/server/context.ts";
import { Dispatcher } from "../../../src/server/dispatcher.ts";
import { InlineTransport, type InlinePeer } from "../../../src/transport/inline.ts";
import { DiceEnv } from "../../fixtures/envs.ts";

/** Something that the server logged. */
export interface LogEntry {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A worker in this process, with the test environment `test:Dice-v0` beside the built-in ones. */
export class TestServer {
  readonly log: LogEntry[] = [];
  readonly transport: InlineTransport;
  readonly dispatcher: Dispatcher;

  constructor(host: EnvHost = inlineHost, rules: Partial<WorkerContext> = {}) {
    let order = 0;
    const dispatcher = new Dispatcher({
      registry: testRegistry(),
      host,
      index: 0,
      runsPrograms: true,
      endpoints: ["inline:"],
      log: (_, message, fields = {}) => this.log.push({ message, fields }),
      nextOrder: () => ++order,
      ...rules,
    });
    this.dispatcher = dispatcher;
    this.transport = new InlineTransport(dispatcher.receive, dispatcher.gone);
  }

  /** A client that has said hello. */
  async connect(clientId?: Uint8Array): Promise<WireClient> {
    const client = new WireClient(this.transport, clientId);
    await client.call("hello", PROTOCOL_VERSION, client.id, { pid: 1 });
    return client;
  }
}

function testRegistry(): Registry {
  const registry = createRegistry();
  registry.register("test:Dice-v0", DiceEnv, { limit: 3 });
  return registry;
}

/** An error reply. */
export class WireError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor([code, message, details]: [string, string, Record<string, unknown>]) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** One item of a need: which object is asked what. */
export type NeedItem = [
  ref: number,
  method: string,
  args: unknown[],
  kwargs: Record<string, unknown>,
];

/** Answers one item: a value, or a throw. */
export type Answerer = (item: NeedItem) => unknown;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One session of a client, frame by frame. */
export class WireClient {
  readonly id: Uint8Array;
  readonly session: Uint8Array = randomBytes(8);
  /** Everything that arrived, decoded. */
  readonly received: unknown[][] = [];
  /** The same as it came. */
  readonly frames: Buffer[] = [];
  /** Answers needs; null leaves them to the test. */
  answerer: Answerer | null = null;
  /** The number of the newest call. */
  n = 0;
  readonly #transport: InlineTransport;
  #peer: InlinePeer;
  #waiting = new Map<number, Waiting>();

  constructor(transport: InlineTransport, id: Uint8Array = randomBytes(16)) {
    this.id = id;
    this.#transport = transport;
    this.#peer = this.#connect();
  }

  /** Starts the next call; settles with its reply. */
  call(method: string, ...params: unknown[]): Promise<unknown> {
    const n = ++this.n;
    const reply = new Promise((resolve, reject) => {
      this.#waiting.set(n, { resolve, reject });
    });
    this.send([0, this.session, n, method, params]);
    return reply;
  }

  /** Makes one environment; gives its handle. */
  async make(id: string, options: object = {}, wrappers: readonly unknown[] = []): Promise<number> {
    const [, made] = (await this.call("make", [[id, options]], wrappers)) as [
      unknown,
      [number, number][],
    ];
    return made[0]?.[0] ?? 0;
  }

  /** Makes an environment that is an object of this client; gives its handle. */
  async makeObject(ref: number, wrappers: readonly unknown[] = []): Promise<number> {
    const spec = [{ object: ref, id: `my:Env${String(ref)}` }, {}];
    const [, made] = (await this.call("make", [spec], wrappers)) as [unknown, [number, number][]];
    return made[0]?.[0] ?? 0;
  }

  answer(n: number, round: number, outcomes: readonly unknown[]): void {
    this.send([1, this.session, n, round, outcomes]);
  }

  send(message: unknown): void {
    this.sendFrame(encode(message));
  }

  sendFrame(frame: Buffer): void {
    this.#peer.send(frame);
  }

  /** Loses the connection. */
  disconnect(): void {
    this.#peer.close();
  }

  /** Loses the connection, and goes on over a new one. */
  reconnect(): void {
    this.#peer.close();
    this.#peer = this.#connect();
  }

  /** The messages of one kind that arrived: 0 results, 1 errors, 2 needs. */
  ofKind(kind: 0 | 1 | 2): unknown[][] {
    return this.received.filter((message) => message[0] === kind);
  }

  #connect(): InlinePeer {
    return this.#transport.connect((frame) => {
      this.frames.push(frame);
      this.#receive(decode(frame) as unknown[]);
    });
  }

  #receive(message: unknown[]): void {
    this.received.push(message);
    const [kind, n, ...rest] = message as [number, number, ...unknown[]];
    const waiting = this.#waiting.get(n);
    if (kind === 0) waiting?.resolve(rest[0]);
    else if (kind === 1)
      waiting?.reject(new WireError(rest as [string, string, Record<string, unknown>]));
    else if (this.answerer !== null)
      this.#answer(n, rest[0] as number, rest[1] as NeedItem[], this.answerer);
  }

  #answer(n: number, round: number, items: NeedItem[], answerer: Answerer): void {
    const outcomes = items.map((item) => {
      try {
        return [true, answerer(item)];
      } catch (error) {
        return [false, ["ValueError", error instanceof Error ? error.message : String(error), 99]];
      }
    });
    this.answer(n, round, outcomes);
  }
}

/** Lets everything run that can run without a further frame. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
