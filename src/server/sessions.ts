import { GemError, show } from "../errors.ts";
import { asBuffer } from "../protocol/codec.ts";
import { LIMITS } from "../protocol/messages.ts";
import { helloParams, parseParams } from "../protocol/schema.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import type { Reply } from "../transport/transport.ts";
import { Client } from "./client.ts";
import { systemClock } from "./clock.ts";
import type { WorkerContext } from "./context.ts";
import { dropEntry } from "./hold.ts";
import { Leases } from "./leases.ts";
import { CallRate, DEFAULT_QUOTAS, overQuota, type Quotas } from "./quotas.ts";
import { Session } from "./session.ts";

/** How many sessions and clients whose lease ended are remembered, to tell them so. */
const MOST_ENDED = 4096;

/** The sessions and clients of one worker. */
export class Sessions {
  readonly leases: Leases;
  readonly #worker: WorkerContext;
  readonly #quotas: Quotas;
  readonly #sessions = new Map<string, Session>();
  readonly #clients = new Map<string, Client>();
  /** Sessions and clients whose lease ended, the newest last, and the handles that a client's next one begins with. */
  readonly #ended = new Map<string, number>();

  constructor(worker: WorkerContext) {
    this.#worker = worker;
    this.#quotas = worker.quotas ?? DEFAULT_QUOTAS;
    const graceMs = worker.graceMs ?? Number.POSITIVE_INFINITY;
    this.leases = new Leases(graceMs, worker.clock ?? systemClock, {
      onEnd: (client) => this.#end(client),
      onPresence: worker.onPresence,
    });
  }

  /** Sessions that are known. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Clients that are known. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Whether no client has anything here. */
  get isUnused(): boolean {
    for (const client of this.#clients.values()) if (!client.isEmpty) return false;
    return true;
  }

  /** The session of this name, or undefined. */
  find(name: string): Session | undefined {
    return this.#sessions.get(name);
  }

  /** What a session gets to hear that is not known. */
  lost(name: string): GemError {
    return this.#ended.has(name)
      ? leaseEnded()
      : new GemError(
          "GEM_SERVER_LOST",
          "The server does not know this session: it was restarted, and its environments are gone.",
        );
  }

  /**
   * Opens a session with the parameters of its `hello`.
   *
   * @throws GEM_PROTOCOL_VERSION, GEM_INVALID_ARGUMENT, GEM_LIMIT
   */
  open(name: string, params: readonly unknown[], reply: Reply): Session {
    checkVersion(params[0]);
    const [, bytes] = parseParams("hello", helloParams, params);
    const id = asBuffer(bytes).toString("latin1");
    this.#checkRoom(this.#clients.get(id));
    const session = new Session(name, this.#client(id), reply);
    session.client.sessions.add(name);
    this.#sessions.set(name, session);
    this.leases.connect(session, reply);
    return session;
  }

  /** Forgets a session; its client stays as long as it has others or owns environments. */
  close(name: string): void {
    const session = this.#sessions.get(name);
    if (session === undefined) return;
    session.current?.abandon();
    this.#sessions.delete(name);
    const { client } = session;
    client.sessions.delete(name);
    this.leases.disconnect(session);
    if (client.sessions.size > 0 || !client.isEmpty) return;
    this.leases.forget(client);
    this.#clients.delete(client.id);
  }

  /** Ends a client's lease: its calls are given up, and what it has is closed. */
  #end(client: Client): void {
    for (const name of client.sessions) {
      this.#sessions.get(name)?.current?.abandon();
      this.#sessions.delete(name);
      this.#remember(name, 0);
    }
    client.sessions.clear();
    this.#clients.delete(client.id);
    // The client may come back: its old handles must not stand for something new.
    this.#remember(client.id, client.nextHandle);
    for (const entry of client.end((late) => dropEntry(this.#worker, late)))
      dropEntry(this.#worker, entry);
  }

  #remember(name: string, nextHandle: number): void {
    this.#ended.set(name, nextHandle);
    if (this.#ended.size <= MOST_ENDED) return;
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest);
      return;
    }
  }

  #checkRoom(client: Client | undefined): void {
    if (this.#sessions.size >= LIMITS.sessions) {
      throw new GemError(
        "GEM_LIMIT",
        `A worker has at most ${LIMITS.sessions} sessions. Close connections that are not used.`,
      );
    }
    const { sessions } = this.#quotas;
    if ((client?.sessions.size ?? 0) < sessions) return;
    const limit = `A client may have ${sessions} sessions on one worker, which are its threads and connections`;
    throw overQuota(limit, "--max-sessions", "Close some first");
  }

  #client(id: string): Client {
    const known = this.#clients.get(id);
    if (known !== undefined) return known;
    const { callsPerSecond } = this.#quotas;
    const rate =
      callsPerSecond === Number.POSITIVE_INFINITY
        ? undefined
        : new CallRate(callsPerSecond, this.#worker.clock ?? systemClock);
    const client = new Client(id, this.#quotas, rate, this.#ended.get(id));
    this.#clients.set(id, client);
    return client;
  }
}

function leaseEnded(): GemError {
  return new GemError(
    "GEM_SERVER_LOST",
    "This client's lease ended: it had no connection for longer than the server's grace time (gem serve --grace), so its environments were closed. Make new ones.",
  );
}

/** Before anything else of `hello` is read: another version may have other parameters. */
function checkVersion(version: unknown): void {
  if (version === PROTOCOL_VERSION) return;
  throw new GemError(
    "GEM_PROTOCOL_VERSION",
    `The client speaks version ${show(version)} of the protocol, this server version ${String(PROTOCOL_VERSION)}. Install the same release of gem-llm-node where the trainer runs and where the server runs, and start both again.`,
  );
}
