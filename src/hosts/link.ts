import type { Socket } from "node:net";
import { FrameSplitter, HEADER_BYTES } from "../protocol/frame-splitter.ts";
import { LIMITS } from "../protocol/messages.ts";

/** The connection to a host: frames over a socket. What is sent until the event loop turns goes out in one write. */
export class HostLink {
  readonly #socket: Socket;
  #outgoing: Buffer[] = [];
  #flushing = false;

  /**
   * @param onFrame gets each frame, which it must not keep
   * @param onEnd called once, when nothing more can come
   */
  constructor(socket: Socket, onFrame: (frame: Buffer) => void, onEnd: () => void) {
    this.#socket = socket;
    const splitter = new FrameSplitter(LIMITS.frameBytes, onFrame);
    socket.on("data", (chunk: Buffer) => {
      if (!splitter.push(chunk)) socket.destroy();
    });
    // A host that is gone has nobody to tell.
    socket.on("error", () => undefined);
    socket.once("close", onEnd);
  }

  /** Sends a frame, soon. */
  send(frame: Buffer): void {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header.writeUInt32LE(frame.length);
    this.#outgoing.push(header, frame);
    if (this.#flushing) return;
    this.#flushing = true;
    // After all microtasks: what was asked because of answers that arrived together leaves together.
    setImmediate(() => this.#flush());
  }

  /** Says that nothing more will come: the host ends. */
  end(): void {
    this.#flush();
    if (this.#socket.writable) this.#socket.end();
  }

  /** Whether an open connection keeps this program alive. */
  keepAlive(isNeeded: boolean): void {
    if (isNeeded) this.#socket.ref();
    else this.#socket.unref();
  }

  #flush(): void {
    this.#flushing = false;
    const parts = this.#outgoing;
    if (parts.length === 0) return;
    this.#outgoing = [];
    if (this.#socket.writable) this.#socket.write(Buffer.concat(parts));
  }
}
