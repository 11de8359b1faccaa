import { join } from "node:path";
import { Context, Router } from "zeromq";
import { AllowList, type NoteTrouble } from "./allow-list.ts";
import { ALLOWED_FILE, readServerKeys } from "./key-files.ts";
import { encodeZ85 } from "./z85.ts";

/** Where ZeroMQ asks about new connections (ZAP, rfc.zeromq.org/spec/27); it is one place for each context. */
const ZAP_ADDRESS = "inproc://zeromq.zap.01";

const KEY_BYTES = 32;

/** ZeroMQ's options of a socket that only clients with keys can use. */
export interface CurveOptions {
  readonly context: Context;
  readonly curveServer: true;
  readonly curveSecretKey: string;
  readonly zapDomain: string;
}

/** Decides who may connect to a socket: those who know the server's public key, and whose own is on its list. */
export class Gate {
  readonly options: CurveOptions;
  readonly #handler: Router;
  readonly #list: AllowList;

  private constructor(options: CurveOptions, handler: Router, list: AllowList) {
    this.options = options;
    this.#handler = handler;
    this.#list = list;
  }

  /**
   * Opens the gate of a folder of keys.
   *
   * @throws GEM_INVALID_OPTION
   */
  static async open(folder: string, noteTrouble: NoteTrouble): Promise<Gate> {
    const { secretKey } = readServerKeys(folder);
    const list = new AllowList(join(folder, ALLOWED_FILE), noteTrouble);
    // A context of its own: the handler answers for every socket of its context.
    const context = new Context();
    const handler = new Router({ context, linger: 0 });
    await handler.bind(ZAP_ADDRESS);
    const options = { context, curveServer: true, curveSecretKey: secretKey, zapDomain: "gem" };
    const gate = new Gate({ ...options, curveServer: true }, handler, list);
    void gate.#answer();
    return gate;
  }

  /** Calls `onRemoved` whenever somebody is taken from the list. */
  watch(onRemoved: () => void): void {
    this.#list.watch(onRemoved);
  }

  close(): void {
    this.#list.close();
    this.#handler.close();
  }

  async #answer(): Promise<void> {
    try {
      for await (const [route, empty, version, id, , , , mechanism, key] of this.#handler) {
        if (route === undefined || empty === undefined || id === undefined) continue;
        const isAllowed =
          mechanism?.toString() === "CURVE" &&
          key?.length === KEY_BYTES &&
          this.#list.allows(encodeZ85(key));
        const status = isAllowed ? "200" : "400";
        await this.#handler.send([route, empty, version ?? "1.0", id, status, "", "", ""]);
      }
    } catch (error) {
      if (!this.#handler.closed) throw error;
    }
  }
}
