import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { GemError, show } from "../../errors.ts";
import { decode, encode } from "../../protocol/codec.ts";
import { FrameSplitter, HEADER_BYTES } from "../../protocol/frame-splitter.ts";
import { CLIENT_KIND, LIMITS, SERVER_KIND } from "../../protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { isKey } from "../../transport/curve/key-files.ts";
import type { WorkerStats } from "../../server/metrics/stats.ts";

const UNIX = "unix://";
/** How long a worker may take to say hello, in ms: it may still be loading its environments. */
const HELLO_MS = 10_000;

/** How long it may take to say how it does. */
const STATS_MS = 2000;

/** A way for frames to a worker and back. */
interface Line {
  send(frame: Buffer): void;
  close(): void;
}

/** One session with a worker, which asks for its figures. */
export class StatsClient {
  readonly address: string;
  /** The addresses of all workers of its server. */
  endpoints: readonly string[] = [];
  readonly #session = randomBytes(8);
  #line: Line | undefined;
  #n = 0;
  #settle: ((frame: Buffer) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  private constructor(address: string) {
    this.address = address;
  }

  /**
   * Says hello to a worker.
   *
   * @param patienceMs how long it may take
   * @throws GEM_UNAVAILABLE when nobody answers there, and what the server refuses it with
   */
  static async connect(address: string, patienceMs: number = HELLO_MS): Promise<StatsClient> {
    const client = new StatsClient(address);
    try {
      client.#line = await client.#open();
      const about = { pid: process.pid };
      const params = [PROTOCOL_VERSION, randomBytes(16), about];
      const welcome = await client.#call("hello", params, patienceMs);
      const { endpoints } = welcome as { readonly endpoints: readonly string[] };
      const key = /\?key=.*$/.exec(address)?.[0] ?? "";
      client.endpoints = endpoints.map((endpoint) => endpoint + key);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** The worker's figures. @throws GEM_UNAVAILABLE when it does not answer in time */
  async stats(): Promise<WorkerStats> {
    return (await this.#call("stats", [], STATS_MS)) as WorkerStats;
  }

  /** Has its server drain. @param seconds how long that may take @throws GEM_UNAVAILABLE when it does not, and why */
  async drain(seconds: number | undefined): Promise<void> {
    await this.#call("drain", [seconds ?? null], STATS_MS);
  }

  /** Ends the session. */
  close(): void {
    if (this.#n > 0) this.#send("bye", []);
    this.#line?.close();
    this.#line = undefined;
  }

  #call(method: string, params: readonly unknown[], patienceMs: number): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      const deadline = setTimeout(() => fail(new Error("nobody answers")), patienceMs);
      const fail = (error: Error): void => {
        clearTimeout(deadline);
        const message = `${this.address} does not answer: ${error.message}.`;
        reject(new GemError("GEM_UNAVAILABLE", message));
      };
      this.#fail = fail;
      this.#settle = (frame) => {
        const reply = decode(frame) as readonly [number, number, unknown, string?];
        if (reply[1] !== this.#n) return;
        clearTimeout(deadline);
        if (reply[0] === SERVER_KIND.result) resolve(reply[2]);
        else fail(new Error(String(reply[3])));
      };
      this.#send(method, params);
    });
  }

  #send(method: string, params: readonly unknown[]): void {
    this.#n += 1;
    this.#line?.send(encode([CLIENT_KIND.call, this.#session, this.#n, method, params]));
  }

  #open(): Promise<Line> {
    const take = (frame: Buffer): void => this.#settle?.(frame);
    const broken = (error: Error): void => this.#fail?.(error);
    return this.address.startsWith(UNIX)
      ? Promise.resolve(openUnix(this.address.slice(UNIX.length), take, broken))
      : openZmq(this.address, take);
  }
}

function openUnix(
  path: string,
  take: (frame: Buffer) => void,
  broken: (error: Error) => void,
): Line {
  const socket: Socket = connect(path);
  const splitter = new FrameSplitter(LIMITS.frameBytes, take);
  socket.on("data", (chunk: Buffer) => {
    if (!splitter.push(chunk)) socket.destroy();
  });
  socket.on("error", broken);
  socket.on("close", () => broken(new Error("the connection was closed")));
  return {
    send: (frame) => {
      const header = Buffer.allocUnsafe(HEADER_BYTES);
      header.writeUInt32LE(frame.length);
      socket.write(Buffer.concat([header, frame]));
    },
    close: () => socket.end(),
  };
}

async function openZmq(address: string, take: (frame: Buffer) => void): Promise<Line> {
  const { Dealer } = await import("zeromq");
  const [place = address, key] = address.split("?key=");
  const socket = new Dealer({ linger: 100, ...clientKeys(key) });
  socket.connect(place);
  const receive = async (): Promise<void> => {
    try {
      for await (const [frame] of socket) if (frame !== undefined) take(frame);
    } catch {
      // Closed.
    }
  };
  void receive();
  return {
    send: (frame) => void socket.send(frame).catch(() => undefined),
    close: () => socket.close(),
  };
}

/** The keys of the file that `GEM_CURVE` names. @param serverKey wins over the file's @throws GEM_INVALID_OPTION */
function clientKeys(serverKey: string | undefined): Record<string, string> {
  const path = process.env["GEM_CURVE"] ?? "";
  if (path === "") return {};
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `GEM_CURVE names ${show(path)}, which cannot be read.`,
    );
  }
  const keyOf = (name: string): string =>
    text
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .find(([first]) => first === name)?.[1] ?? "";
  const keys = {
    curveServerKey: serverKey ?? keyOf("server"),
    curvePublicKey: keyOf("public"),
    curveSecretKey: keyOf("secret"),
  };
  if (Object.values(keys).every(isKey)) return keys;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${show(path)} (GEM_CURVE) must have the lines 'public <key>' and 'secret <key>', and 'server <key>' unless the address has ?key=<key>.`,
  );
}
