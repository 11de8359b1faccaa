import { setTimeout as pause } from "node:timers/promises";
import type { ServerSpec } from "./config.ts";
import type { Connection } from "./connection.ts";
import { McpFailure } from "./failure.ts";

/** How long and how often a server is tried. */
export interface Limits {
  readonly timeoutMs: number;
  /** Attempts to reach a server, at least 1. */
  readonly attempts: number;
  readonly delayMs: number;
}

/** The least time for beginning a session: servers that are programs take seconds to start. */
const LEAST_CONNECT_MS = 10_000;

/** The way to one server: a session that is begun at the first use, kept, and begun anew when it is lost. */
export class ServerLink {
  readonly #name: string;
  readonly #spec: ServerSpec;
  #current: Promise<Connection> | undefined;

  constructor(name: string, spec: ServerSpec) {
    this.#name = name;
    this.#spec = spec;
  }

  /**
   * Asks something over the session. What cannot have reached the server is tried again; what may have reached it is not, since a
   * call may do something.
   *
   * Differs from upstream D83: there every call has a session of its own, and what failed may be called again.
   *
   * @throws McpFailure, McpRefusal
   */
  async use<T>(limits: Limits, ask: (connection: Connection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      let connection: Connection | undefined;
      try {
        connection = await this.#connection(limits.timeoutMs);
        return await ask(connection);
      } catch (error) {
        const isOver = attempt >= limits.attempts;
        if (!(error instanceof McpFailure) || !error.isUnsent || isOver) throw error;
      }
      // A session that the server has forgotten is begun anew at once.
      if (connection === undefined) await pause(limits.delayMs);
    }
  }

  /** Ends the session; a later use begins another. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    const connection = await current?.catch(() => undefined);
    await connection?.close();
  }

  async #connection(timeoutMs: number): Promise<Connection> {
    const before = this.#current;
    const connection = await before?.catch(() => undefined);
    if (connection?.isOpen === true) {
      if (!connection.isSuspect || (await connection.answersPing())) return connection;
      connection.retire();
    }
    if (this.#current === before) this.#current = this.#open(timeoutMs);
    return this.#current ?? this.#open(timeoutMs);
  }

  async #open(timeoutMs: number): Promise<Connection> {
    // The protocol's library is large, and few programs use it.
    const { Connection } = await import("./connection.ts");
    return Connection.open(this.#name, this.#spec, Math.max(timeoutMs, LEAST_CONNECT_MS));
  }
}
