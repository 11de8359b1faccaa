import { LIMITS } from "../protocol/messages.ts";
import type { Gone, Receive, Reply, Transport } from "./transport.ts";

/** A peer within the same process. */
export interface InlinePeer {
  /** Hands a frame over at once. */
  send(frame: Buffer): void;
  /** Cuts the connection: nothing arrives any more, in either direction. */
  close(): void;
}

/** An endpoint without sockets, for tests and for measuring what the rest costs. */
export class InlineTransport implements Transport {
  readonly address = "inline:";
  readonly #receive: Receive;
  readonly #gone: Gone;
  #open = true;

  constructor(receive: Receive, gone: Gone = () => undefined) {
    this.#receive = receive;
    this.#gone = gone;
  }

  /** A new peer; `onFrame` gets what is sent to it. */
  connect(onFrame: (frame: Buffer) => void): InlinePeer {
    let connected = true;
    const reply: Reply = (frame) => {
      if (connected) onFrame(frame);
    };
    return {
      send: (frame) => {
        if (!this.#open || !connected) return;
        if (frame.length > LIMITS.frameBytes) connected = false;
        else this.#receive(frame, reply);
      },
      close: () => {
        if (!connected) return;
        connected = false;
        this.#gone(reply);
      },
    };
  }

  close(): Promise<void> {
    this.#open = false;
    return Promise.resolve();
  }
}
