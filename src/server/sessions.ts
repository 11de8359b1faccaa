import { GemError } from "../errors.ts";
import { asBuffer } from "../protocol/codec.ts";
import { LIMITS } from "../protocol/messages.ts";
import { helloParams, parseParams } from "../protocol/schema.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import type { Reply } from "../transport/transport.ts";
import { Client } from "./client.ts";
import { Session } from "./session.ts";

/** The sessions and clients of one worker. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #clients = new Map<string, Client>();

  /** The session of this name, or undefined. */
  find(name: string): Session | undefined {
    return this.#sessions.get(name);
  }

  /**
   * Opens a session with the parameters of its `hello`.
   *
   * @throws GEM_PROTOCOL_VERSION, GEM_INVALID_ARGUMENT, GEM_LIMIT
   */
  open(name: string, params: readonly unknown[], reply: Reply): Session {
    checkVersion(params[0]);
    const [, id] = parseParams("hello", helloParams, params);
    if (this.#sessions.size >= LIMITS.sessions) {
      throw new GemError(
        "GEM_LIMIT",
        `A worker has at most ${LIMITS.sessions} sessions. Close connections that are not used.`,
      );
    }
    const session = new Session(this.#client(asBuffer(id).toString("latin1")), reply);
    session.client.sessions += 1;
    this.#sessions.set(name, session);
    return session;
  }

  /** Forgets a session; its client stays as long as it has others or owns environments. */
  close(name: string): void {
    const session = this.#sessions.get(name);
    if (session === undefined) return;
    session.current?.abandon();
    session.client.sessions -= 1;
    this.#sessions.delete(name);
    const { client } = session;
    if (client.sessions === 0 && client.isEmpty) this.#clients.delete(client.id);
  }

  #client(id: string): Client {
    const known = this.#clients.get(id);
    if (known !== undefined) return known;
    const client = new Client(id);
    this.#clients.set(id, client);
    return client;
  }
}

/** Before anything else of `hello` is read: another version may have other parameters. */
function checkVersion(version: unknown): void {
  if (version === PROTOCOL_VERSION) return;
  throw new GemError(
    "GEM_PROTOCOL_VERSION",
    `The client speaks protocol version ${String(version)}, the server ${PROTOCOL_VERSION}. Install matching versions of both.`,
  );
}
