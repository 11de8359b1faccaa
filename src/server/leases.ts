import type { Reply } from "../transport/transport.ts";
import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { Session } from "./session.ts";

/** What follows from clients coming and going. */
export interface LeaseEvents {
  /** A client was away for longer than the grace time. */
  readonly onEnd: (client: Client) => void;
  /** The first client has come, or the last one has gone. */
  readonly onPresence?: ((isAnybodyHere: boolean) => void) | undefined;
}

/**
 * Who is there. A client is there while one of its sessions has a connection; which the kernel ends with the client's process, and not
 * before: however long a client thinks, or is stopped, it stays. One that is away for longer than the grace time loses what it has.
 */
export class Leases {
  readonly #graceMs: number;
  readonly #clock: Clock;
  readonly #events: LeaseEvents;
  readonly #peers = new Map<Reply, Set<Session>>();
  /** Clients that are away, and what takes their end back. */
  readonly #away = new Map<Client, () => void>();
  #isAnybodyHere = false;

  /** @param graceMs Infinity: nobody ever loses anything */
  constructor(graceMs: number, clock: Clock, events: LeaseEvents) {
    this.#graceMs = graceMs;
    this.#clock = clock;
    this.#events = events;
  }

  /** Connections that sessions have. */
  get connections(): number {
    return this.#peers.size;
  }

  /** Clients that are away. */
  get away(): number {
    return this.#away.size;
  }

  /** A session's frames come from this peer from now on. */
  connect(session: Session, peer: Reply): void {
    this.#detach(session);
    session.reply = peer;
    session.isConnected = true;
    const { client } = session;
    client.connected += 1;
    this.#away.get(client)?.();
    this.#away.delete(client);
    const sessions = this.#peers.get(peer);
    if (sessions === undefined) this.#peers.set(peer, new Set([session]));
    else sessions.add(session);
    this.#notePresence();
  }

  /** A session has ended by itself. */
  disconnect(session: Session): void {
    this.#detach(session);
    this.#watch(session.client);
    this.#notePresence();
  }

  /** A peer is gone. */
  readonly gone = (peer: Reply): void => {
    const sessions = this.#peers.get(peer);
    if (sessions === undefined) return;
    for (const session of [...sessions]) {
      this.#detach(session);
      this.#watch(session.client);
    }
    this.#notePresence();
  };

  /** Nothing is known of this client any more. */
  forget(client: Client): void {
    this.#away.get(client)?.();
    this.#away.delete(client);
  }

  #detach(session: Session): void {
    if (!session.isConnected) return;
    session.isConnected = false;
    session.client.connected -= 1;
    const sessions = this.#peers.get(session.reply);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#peers.delete(session.reply);
  }

  #watch(client: Client): void {
    if (client.connected > 0 || this.#graceMs === Number.POSITIVE_INFINITY) return;
    if (this.#away.has(client)) return;
    const cancel = this.#clock.after(this.#graceMs, () => {
      this.#away.delete(client);
      this.#events.onEnd(client);
    });
    this.#away.set(client, cancel);
  }

  #notePresence(): void {
    const isAnybodyHere = this.#peers.size > 0;
    if (isAnybodyHere === this.#isAnybodyHere) return;
    this.#isAnybodyHere = isAnybodyHere;
    this.#events.onPresence?.(isAnybodyHere);
  }
}
