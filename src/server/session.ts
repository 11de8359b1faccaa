import { recycle } from "../protocol/codec.ts";
import type { Reply } from "../transport/transport.ts";
import type { Call, CallChannel } from "./call.ts";
import type { Client } from "./client.ts";

/** One connection's numbered calls. It keeps the last reply, so that a repeated call is answered and not run again (law L6). */
export class Session implements CallChannel {
  /** Its 8 bytes as 8 characters. */
  readonly name: string;
  readonly client: Client;
  /** Where the newest frame came from. */
  reply: Reply;
  /** Whether that peer is still there. */
  isConnected = false;
  /** The newest call that has no reply yet. */
  current: Call | undefined;
  #n = 0;
  #last: Buffer | undefined;
  /** Whether nothing but `#last` holds that frame. */
  #isOurs = false;

  constructor(name: string, client: Client, reply: Reply) {
    this.name = name;
    this.client = client;
    this.reply = reply;
  }

  /** The number of the newest call. */
  get n(): number {
    return this.#n;
  }

  /** Starts the next number; a call that still runs is given up. */
  advance(): number {
    this.current?.abandon();
    this.current = undefined;
    if (this.#last !== undefined && this.#isOurs) recycle(this.#last);
    this.#last = undefined;
    this.#n += 1;
    return this.#n;
  }

  /** Sends the newest call's reply or outstanding need again, if there is one. */
  repeat(): void {
    if (this.#last !== undefined) {
      this.#isOurs &&= this.reply.copies === true;
      this.reply(this.#last);
    } else this.current?.repeat();
  }

  send(call: Call, frame: Buffer): void {
    if (call === this.current) this.reply(frame);
  }

  finish(call: Call, frame: Buffer): void {
    if (call === this.current) this.conclude(frame);
  }

  /** Sends and keeps the newest call's reply. */
  conclude(frame: Buffer): void {
    this.current = undefined;
    this.#last = frame;
    this.#isOurs = this.reply.copies === true;
    this.reply(frame);
  }
}
