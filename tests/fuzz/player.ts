import { asBuffer, decode } from "../../src/protocol/codec.ts";
import { readClientFrame, type ClientFrame } from "../../src/protocol/frame.ts";
import { CLIENT_KIND, SERVER_KIND } from "../../src/protocol/messages.ts";
import { encode } from "../../src/protocol/codec.ts";
import type { Dispatcher } from "../../src/server/dispatcher.ts";
import type { InlinePeer, InlineTransport } from "../../src/transport/inline.ts";
import { answerFrame, CLIENT, SESSION } from "./calls.ts";
import { replaceBytes } from "./corpus.ts";
import { FuzzFailure, type FuzzInput } from "./input.ts";
import { FuzzRandom } from "./random.ts";

/** What no reply may hold: parts of stacks and of this machine's paths. */
const LEAKS = ["    at ", "node:internal", ".ts:", ".js:", process.cwd()];

/** How many rounds of needs of one call are answered. */
const MOST_ROUNDS = 12;

let peers = 0;

/** One client that sends what an input says, and holds the server to its promises. */
export class Player {
  readonly #dispatcher: Dispatcher;
  readonly #input: FuzzInput;
  readonly #random: FuzzRandom;
  readonly #session = Buffer.alloc(8);
  readonly #client = Buffer.alloc(16);
  readonly #peer: InlinePeer;
  #position = 0;
  #isOpen = false;
  /** Whether other sessions are open over this connection, whose replies cannot be told apart. */
  #isLoose = false;
  #n = 0;
  #method = "";
  #final: Buffer | undefined;
  #need: { readonly round: number; readonly count: number } | undefined;
  #rounds = 0;
  #hasSent = false;
  /** Whether the frame that is handed over is no call of this session. */
  #isRefusing = false;
  #failure: Error | undefined;
  /** Replies while a frame is handed over. */
  #direct: Buffer[] = [];

  constructor(dispatcher: Dispatcher, transport: InlineTransport, input: FuzzInput) {
    this.#dispatcher = dispatcher;
    this.#input = input;
    this.#random = new FuzzRandom(input.salt);
    peers += 1;
    this.#session.writeUInt32BE(peers, 4);
    this.#client.writeUInt32BE(peers, 12);
    this.#session[0] = this.#client[0] = 0xf5;
    this.#peer = transport.connect((frame) => this.#take(frame));
  }

  /** Whether everything has been sent. */
  get isDone(): boolean {
    return this.#position >= this.#input.frames.length;
  }

  /** Whether the newest call has no reply, and nothing is there that it could wait for. */
  get isOverdue(): boolean {
    if (this.#n === 0 || this.#final !== undefined || this.#isLoose || !this.#isOpen) return false;
    return this.#need === undefined && !this.#hasSent && this.#method !== "vector_recv";
  }

  /** Whether the newest call has no reply yet. */
  get mayWait(): boolean {
    return this.#n > 0 && this.#final === undefined;
  }

  /** Says hello. */
  open(): void {
    this.#hand(encode([CLIENT_KIND.call, this.#session, 1, "hello", [1, this.#client, {}]]));
  }

  /** Sends the next frame. */
  next(): void {
    const frame = this.#input.frames[this.#position++];
    if (frame === undefined) return;
    this.#hand(replaceBytes(replaceBytes(frame, SESSION, this.#session), CLIENT, this.#client));
  }

  /** Answers what the server has asked; whether it had. */
  answer(): boolean {
    const need = this.#need;
    if (need === undefined || ++this.#rounds > MOST_ROUNDS) return false;
    this.#need = undefined;
    const frame = answerFrame(this.#random, this.#n, need.round, need.count);
    this.#hand(replaceBytes(frame, SESSION, this.#session));
    return true;
  }

  close(): void {
    this.#peer.close();
  }

  /** @throws what was wrong with a reply */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Says what went wrong, with what was called. */
  fail(text: string): never {
    throw new FuzzFailure(`${text} (call ${this.#n}, ${JSON.stringify(this.#method)})`);
  }

  #hand(frame: Buffer): void {
    const message = read(frame);
    const isMine = message?.session === this.#session.toString("latin1");
    if (message !== undefined && !isMine) {
      // Somebody else's session is not this one's to use.
      if (this.#dispatcher.sessions.find(message.session) !== undefined) return;
      if (message.kind === "call" && message.method === "hello") this.#isLoose = true;
    }
    const wasOpen = this.#isOpen;
    const before = this.#n;
    if (message?.kind === "call" && message.method.startsWith("vector_send")) this.#hasSent = true;
    const isNew = message !== undefined && isMine && this.#expects(message);
    if (isNew) this.#begin(message);
    const refusal = this.#refusalOf(message, isMine, isNew, wasOpen, before);
    this.#isRefusing = refusal !== undefined;
    this.#direct = [];
    this.#peer.send(frame);
    this.#isRefusing = false;
    if (refusal !== undefined && !this.#isLoose) this.#expectOne(...refusal);
    this.#direct = [];
  }

  /** The code (undefined: any) and number of the one reply that a frame must get at once; undefined where it is a call. */
  #refusalOf(
    message: ClientFrame | undefined,
    isMine: boolean,
    isNew: boolean,
    wasOpen: boolean,
    before: number,
  ): [code: string | undefined, n: number] | undefined {
    if (message === undefined) return ["GEM_BAD_FRAME", 0];
    if (!isMine || (!wasOpen && !isNew)) return [undefined, message.n];
    if (isCall(message) && !isNew && message.n !== before) return ["GEM_BAD_FRAME", message.n];
    return undefined;
  }

  /** Whether the server must take a frame as this session's next call. */
  #expects(message: ClientFrame): boolean {
    if (!isCall(message)) return false;
    if (this.#isOpen) return message.n === this.#n + 1;
    return message.kind === "call" && message.method === "hello" && message.n === 1;
  }

  #begin(message: ClientFrame): void {
    this.#n = message.n;
    this.#method = message.kind === "call" ? message.method : "";
    this.#final = undefined;
    this.#need = undefined;
    this.#rounds = 0;
    if (this.#method === "hello") this.#isOpen = true;
  }

  #expectOne(code: string | undefined, n: number): void {
    const [reply, ...others] = this.#direct.map((frame) => decode(frame) as unknown[]);
    if (reply === undefined || others.length > 0)
      this.fail(`${this.#direct.length} replies to a frame that is refused at once`);
    if (reply[1] !== n || (code !== undefined && reply[2] !== code))
      this.fail(`a frame that is refused at once gets ${JSON.stringify(reply.slice(0, 3))}`);
  }

  /** Notes what is wrong with a reply: whoever sends it is not to blame. */
  #take(frame: Buffer): void {
    try {
      this.#judge(Buffer.from(frame));
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new FuzzFailure(String(error));
    }
  }

  #judge(copy: Buffer): void {
    for (const leak of LEAKS)
      if (copy.includes(leak)) this.fail(`a reply holds ${JSON.stringify(leak)}`);
    const message = decode(copy) as unknown[];
    this.#direct.push(copy);
    const [kind, n, third, fourth] = message;
    if (n !== this.#n || this.#isLoose || this.#isRefusing) return;
    if (kind === SERVER_KIND.need) {
      if (this.#final !== undefined) this.fail("a need after the reply");
      this.#need = { round: Number(third), count: (fourth as unknown[]).length };
      return;
    }
    if (this.#final !== undefined && !this.#final.equals(copy)) this.fail("two different replies");
    this.#final = copy;
    this.#need = undefined;
    const failed = kind === SERVER_KIND.error;
    if (this.#method === "bye" && !failed) this.#isOpen = false;
    if (this.#method === "hello" && failed) {
      this.#isOpen = false;
      this.#n = 0;
    }
  }
}

function isCall(message: ClientFrame): boolean {
  return message.kind === "call" || (message.kind === "bad" && message.of === "call");
}

function read(frame: Buffer): ClientFrame | undefined {
  try {
    return readClientFrame(asBuffer(frame));
  } catch {
    return undefined;
  }
}
