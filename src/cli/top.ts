import { setTimeout as pause } from "node:timers/promises";
import { GemError } from "../errors.ts";
import { addressesToAsk } from "./top/find-servers.ts";
import { snapshotOf, type Asked, type Snapshot } from "./top/snapshot.ts";
import { StatsClient } from "./top/stats-client.ts";
import { view } from "./top/view.ts";

/** The options of `gem top`. */
export interface TopArguments {
  readonly once?: boolean;
  readonly json?: boolean;
}

const INTERVAL_MS = 1000;
const HOME_AND_CLEAR = "\u001B[H\u001B[J";

/** `gem top`: what servers do, shown anew each second until a signal ends it; on no terminal, each table below the last. */
export async function runTop(
  addresses: readonly string[],
  { once, json }: TopArguments,
): Promise<void> {
  const watch = new Watch(addresses);
  await watch.find();
  try {
    for (;;) {
      await pause(INTERVAL_MS);
      const snapshot = await watch.next();
      show(snapshot, json === true, once === true || json === true);
      if (once === true || json === true) return;
    }
  } finally {
    watch.close();
  }
}

function show(snapshot: Snapshot, isJson: boolean, isLast: boolean): void {
  const isLive = process.stdout.isTTY && !isLast;
  const text = isJson ? JSON.stringify(snapshot) : view(snapshot);
  process.stdout.write(isLive ? `${HOME_AND_CLEAR}${text}\n` : `${text}\n${isLast ? "" : "\n"}`);
}

/** The workers that are watched, and what they said last. */
class Watch {
  readonly #given: readonly string[];
  readonly #clients = new Map<string, StatsClient>();
  #last: readonly Asked[] = [];

  constructor(given: readonly string[]) {
    this.#given = given;
  }

  /** Connects to all workers. @throws GEM_UNAVAILABLE when there is none */
  async find(): Promise<void> {
    await this.#connect();
    this.#last = await this.#ask();
    if (this.#last.length > 0) return;
    const where = addressesToAsk(this.#given).join(", ");
    throw new GemError(
      "GEM_UNAVAILABLE",
      where === ""
        ? "No server of yours runs on this machine. Start a program that makes an environment, or name an address: gem top tcp://host:port."
        : `No server answers at ${where}.`,
    );
  }

  /** What happened since the last time; servers that came meanwhile are there, too. */
  async next(): Promise<Snapshot> {
    const earlier = this.#last;
    await this.#connect();
    this.#last = await this.#ask();
    return snapshotOf(earlier, this.#last);
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #connect(): Promise<void> {
    const servers = addressesToAsk(this.#given);
    await Promise.all(servers.map((address) => this.#add(address)));
    const others = [...this.#clients.values()].flatMap(({ endpoints }) => endpoints);
    await Promise.all(others.map((address) => this.#add(address)));
  }

  async #add(address: string): Promise<void> {
    if (this.#clients.has(address)) return;
    try {
      const client = await StatsClient.connect(address);
      if (this.#clients.has(address)) client.close();
      else this.#clients.set(address, client);
    } catch {
      // It is gone, or speaks another language: there is nothing to show of it.
    }
  }

  async #ask(): Promise<readonly Asked[]> {
    const clients = [...this.#clients];
    const answers = await Promise.all(
      clients.map(async ([address, client]): Promise<Asked | undefined> => {
        try {
          return { address, stats: await client.stats(), at: performance.now() };
        } catch {
          client.close();
          this.#clients.delete(address);
          return undefined;
        }
      }),
    );
    return answers.filter((asked) => asked !== undefined);
  }
}
