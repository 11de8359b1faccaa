import { Router } from "zeromq";
import { randomBytes } from "node:crypto";
import { LIMITS } from "../protocol/messages.ts";
import { assertSafeAddress } from "./address.ts";
import { Attention } from "./attention.ts";
import type { Gate } from "./curve/gate.ts";
import type { Gone, Receive, Reply, Transport } from "./transport.ts";

/** libzmq's ZMQ_DISCONNECT_MSG, which the binding does not name: what a socket receives from a peer whose connection ends. */
const DISCONNECT_MESSAGE = 111;

/** How long an address may stay taken after the socket that had it was closed, in ms. */
const REBIND_MS = 10_000;

/** The kernel asks after a silent peer's machine after so many seconds, so often, and gives it up after so many questions. */
const KEEPALIVE = { tcpKeepaliveIdle: 30, tcpKeepaliveInterval: 10, tcpKeepaliveCount: 3 };

/** What else there is to an endpoint. */
export interface ZmqExtras {
  /** Takes notice of peers whose connections end. */
  readonly gone?: Gone | undefined;
  /** Who may connect; without it, everybody who reaches the address. */
  readonly gate?: Gate | undefined;
}

/**
 * Binds a ZeroMQ ROUTER and hands its frames to `receive`.
 *
 * A message is one payload frame; any other number is dropped. A frame above `LIMITS.frameBytes` cuts its peer off.
 *
 * @param address `ipc:///path` or `tcp://host:port`
 * @throws GEM_INVALID_OPTION when the address is not this machine's loopback and nobody is at the gate
 */
export async function listenZmq(
  address: string,
  receive: Receive,
  { gone, gate }: ZmqExtras = {},
): Promise<Transport> {
  assertSafeAddress(address, gate !== undefined);
  const transport = new ZmqTransport(address, receive, gone ?? (() => undefined), gate);
  await transport.open();
  return transport;
}

/** A ROUTER that receives `farewell` from every peer whose connection ends. */
class NoticingRouter extends Router {
  constructor(address: string, farewell: Buffer, gate: Gate | undefined) {
    super({
      ...gate?.options,
      ...(address.startsWith("tcp:") ? { tcpKeepalive: 1, ...KEEPALIVE } : {}),
      ipv6: address.startsWith("tcp://["),
      linger: 0,
      maxMessageSize: LIMITS.frameBytes,
      // Replies wait for slow peers without bound (each session has one at a time) and never make `send` wait: with these two
      // settings it is done when it returns, so that sends need no queue.
      sendHighWaterMark: 0,
      sendTimeout: 0,
    });
    this.setStringOption(DISCONNECT_MESSAGE, farewell);
  }
}

class ZmqTransport implements Transport {
  readonly address: string;
  readonly #receive: Receive;
  readonly #gone: Gone;
  readonly #gate: Gate | undefined;
  readonly #attention = new Attention();
  /** Peers that have sent something, by their routes. */
  readonly #peers = new Map<string, Reply>();
  /** Nobody else can know it. */
  readonly #farewell = randomBytes(16);
  #socket: NoticingRouter;
  #loop: Promise<void> = Promise.resolve();
  #isOpen = true;
  #restarting: Promise<void> | undefined;

  constructor(address: string, receive: Receive, gone: Gone, gate: Gate | undefined) {
    this.address = address;
    this.#receive = receive;
    this.#gone = gone;
    this.#gate = gate;
    this.#socket = new NoticingRouter(address, this.#farewell, gate);
  }

  async open(): Promise<void> {
    try {
      await this.#socket.bind(this.address);
    } catch (error) {
      this.#end();
      throw error;
    }
    // A thread that dies while a socket waits takes the whole process with it.
    process.once("exit", this.#end);
    this.#loop = this.#receiveAll(this.#socket);
    this.#gate?.watch(() => {
      this.#restarting ??= this.#restart().finally(() => {
        this.#restarting = undefined;
      });
    });
  }

  async close(): Promise<void> {
    process.off("exit", this.#end);
    this.#end();
    await this.#restarting;
    await this.#loop;
  }

  readonly #end = (): void => {
    this.#isOpen = false;
    this.#socket.close();
    this.#gate?.close();
  };

  /**
   * Cuts every connection: ZeroMQ does not say which one a key belongs to. Those who may still connect are back at once, and find their
   * sessions as they were.
   */
  async #restart(): Promise<void> {
    this.#socket.close();
    await this.#loop;
    for (const peer of this.#peers.values()) this.#gone(peer);
    this.#peers.clear();
    const end = performance.now() + REBIND_MS;
    while (this.#isOpen) {
      this.#socket = new NoticingRouter(this.address, this.#farewell, this.#gate);
      try {
        await this.#socket.bind(this.address);
        this.#loop = this.#receiveAll(this.#socket);
        return;
      } catch (error) {
        this.#socket.close();
        if (performance.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }

  async #receiveAll(socket: Router): Promise<void> {
    for (;;) {
      let parts: Buffer[];
      try {
        parts = await socket.receive();
      } catch (error) {
        if (socket.closed) return;
        throw error;
      }
      const [route, frame, ...rest] = parts;
      if (route === undefined || frame === undefined || rest.length > 0) continue;
      if (frame.equals(this.#farewell)) {
        this.#takeLeave(route);
        continue;
      }
      this.#attention.noteFrame();
      this.#receive(frame, this.#peer(socket, route));
      if (socket.closed) return;
    }
  }

  #peer(socket: Router, route: Buffer): Reply {
    const name = route.toString("latin1");
    let peer = this.#peers.get(name);
    if (peer === undefined) {
      peer = (frame) => {
        // A peer that is gone asks again over a new connection, if it still lives.
        if (socket.closed) return;
        socket.send([route, frame]).catch(() => undefined);
        this.#attention.noteReply();
      };
      this.#peers.set(name, peer);
    }
    return peer;
  }

  #takeLeave(route: Buffer): void {
    const name = route.toString("latin1");
    const peer = this.#peers.get(name);
    if (peer === undefined) return;
    this.#peers.delete(name);
    this.#gone(peer);
  }
}
