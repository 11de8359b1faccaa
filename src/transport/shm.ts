import { randomBytes } from "node:crypto";
import { Socket } from "node:net";
import type { Addon, ShmServer } from "../native/addon.ts";
import { LIMITS } from "../protocol/messages.ts";
import { Pace } from "./pace.ts";
import type { Gone, Receive, Reply, Transport } from "./transport.ts";

/** What a client needs to move a session to shared memory; part of the answer to `hello`. */
export interface ShmOffer {
  /** A unix socket, over which the memory is agreed on; `@name` is in Linux's abstract namespace. */
  readonly path: string;
  /** 16 bytes that the client must present there. */
  readonly token: Uint8Array;
  /** The version of the memory's layout. */
  readonly layout: number;
}

/** A listening endpoint and what clients are told of it. */
export interface ShmListening {
  readonly transport: Transport;
  readonly offer: ShmOffer;
}

const TOKEN_BYTES = 16;

/** Small frames lie one after another in a slab of this length, so that each need not have memory of its own. */
const SLAB_BYTES = 1 << 16;

/** Each frame lies behind the number of its connection. */
const NUMBER_BYTES = 4;

/** With less room than this left, a new slab is begun. */
const LEAST_ROOM = 1 << 13;

/** How long the frames of one turn of the event loop are served, in ms: timers and other sockets wait for that. */
const TURN_MS = 0.5;

/** How long one look for the next frame lasts, in µs. */
const SPIN_MICROS = 50;

/**
 * Takes frames through memory that client and server share.
 *
 * They are served within the event loop, which never waits for a client: while one asks one thing right after another, the memory is
 * looked at in every turn of the loop, so timers, other sockets and slices of long work go on; otherwise the loop sleeps until a
 * client rings. A client that takes no frame as long as a reply is cut off.
 *
 * @param path where the unix socket is made
 * @param pace tells when to look out for the next frame instead of sleeping
 * @param gone takes notice of clients that are gone
 * @throws GEM_UNAVAILABLE
 */
export function listenShm(
  addon: Addon,
  path: string,
  receive: Receive,
  pace: Pace = new Pace(),
  gone: Gone = () => undefined,
): ShmListening {
  const token = randomBytes(TOKEN_BYTES);
  const server = new addon.ShmServer(path, token, LIMITS.frameBytes);
  return {
    transport: new ShmTransport(`shm://${path}`, server, receive, gone, pace),
    offer: { path, token, layout: addon.LAYOUT_VERSION },
  };
}

class ShmTransport implements Transport {
  readonly address: string;
  readonly #server: ShmServer;
  readonly #receive: Receive;
  readonly #gone: Gone;
  readonly #pace: Pace;
  readonly #bell: Socket;
  readonly #replies = new Map<number, Reply>();
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;
  #isArmed = false;
  #isClosed = false;
  /** Whether the frame that was handed over last has been replied to. */
  #isAnswered = true;

  constructor(address: string, server: ShmServer, receive: Receive, gone: Gone, pace: Pace) {
    this.address = address;
    this.#server = server;
    this.#receive = receive;
    this.#gone = gone;
    this.#pace = pace;
    this.#bell = new Socket({ fd: server.openBell(), readable: true, writable: false });
    this.#bell.on("data", () => this.#wake());
    this.#sleep();
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#bell.destroy();
      this.#server.close();
      this.#replies.clear();
    }
    return Promise.resolve();
  }

  #wake(): void {
    if (this.#isClosed || !this.#isArmed) return;
    this.#isArmed = false;
    this.#server.disarm();
    this.#serve(SPIN_MICROS);
  }

  readonly #look = (): void => {
    if (!this.#isClosed) this.#serve(this.#pace.isExpecting ? SPIN_MICROS : 0);
  };

  /** One turn: frames until none is there, the turn's time is up, or one is answered later. */
  #serve(firstSpinMicros: number): void {
    const end = performance.now() + TURN_MS;
    let spinMicros = firstSpinMicros;
    while (this.#serveOne(spinMicros)) {
      // What answers later may wait for a promise, and promises go on only after this turn.
      if (!this.#isAnswered || performance.now() > end) {
        setImmediate(this.#look);
        return;
      }
      spinMicros = this.#pace.isExpecting ? SPIN_MICROS : 0;
    }
    if (this.#isClosed) return;
    if (this.#pace.isExpecting) setImmediate(this.#look);
    else this.#sleep();
  }

  #sleep(): void {
    for (const connection of this.#server.takeClosed()) {
      const peer = this.#replies.get(connection);
      this.#replies.delete(connection);
      if (peer !== undefined) this.#gone(peer);
    }
    if (this.#server.arm()) this.#isArmed = true;
    else setImmediate(this.#look);
  }

  /** @returns whether there was a frame, and the endpoint is still open */
  #serveOne(spinMicros: number): boolean {
    if (SLAB_BYTES - this.#used < LEAST_ROOM) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#used = 0;
    }
    const length = this.#server.next(this.#slab, this.#used, spinMicros);
    if (length < 0) return false;
    const connection = this.#slab.readUInt32LE(this.#used);
    const frame = this.#frame(connection, length);
    if (frame === null) return true;
    this.#pace.noteFrame();
    this.#isAnswered = false;
    this.#receive(frame, this.#replyTo(connection));
    return !this.#isClosed;
  }

  #frame(connection: number, length: number): Buffer | null {
    const start = this.#used + NUMBER_BYTES;
    if (length > SLAB_BYTES - start) return this.#server.take(connection);
    this.#used = start + length;
    return this.#slab.subarray(start, this.#used);
  }

  #replyTo(connection: number): Reply {
    let reply = this.#replies.get(connection);
    if (reply === undefined) {
      reply = (frame) => {
        if (!this.#isClosed) this.#send(connection, frame);
      };
      reply.copies = true;
      this.#replies.set(connection, reply);
    }
    return reply;
  }

  #send(connection: number, frame: Buffer): void {
    this.#isAnswered = true;
    try {
      this.#server.reply(connection, frame);
    } catch {
      // It takes no frame of this length, and would wait for this one for ever.
      this.#server.closeConnection(connection);
    }
    this.#pace.noteReply();
    if (this.#isArmed && this.#pace.isExpecting) {
      this.#isArmed = false;
      this.#server.disarm();
      setImmediate(this.#look);
    }
  }
}
