import type { EnvHost, Work } from "../../src/core/host.ts";
import { Registry } from "../../src/core/registry.ts";
import { families } from "../../src/envs/index.ts";
import { makeFromSpec } from "../../src/make.ts";
import { Dispatcher } from "../../src/server/dispatcher.ts";
import { InlineTransport } from "../../src/transport/inline.ts";
import { DiceEnv } from "../fixtures/envs.ts";
import { FakeClock } from "../unit/server/fake-clock.ts";
import { WireClient } from "../unit/server/wire-client.ts";
import { callFrame, IDS } from "./calls.ts";
import { goldenFrames } from "./corpus.ts";
import { FuzzFailure, type FuzzInput, type Target } from "./input.ts";
import { Player } from "./player.ts";
import type { FuzzRandom } from "./random.ts";

const GRACE_MS = 1000;
/** Slices of long work that the calls of one batch may use together. */
const MOST_WORK = 2_000_000;
/** Turns of the loop until a call's needs have come. */
const TURNS = 6;
/** Turns of the loop after which a reply that depends on nothing is missing. */
const MOST_TURNS = 5_000;
const WITNESS_SEED = 11;

/** The dispatcher with real sessions, methods and environments, over a transport in this process. */
export class DispatcherTarget implements Target {
  readonly name = "dispatcher";
  readonly seeds: readonly FuzzInput[] = goldenFrames().map((frame) => ({
    salt: 1,
    frames: [frame, frame],
  }));
  readonly isWatched = (url: string): boolean =>
    /\/src\/(?:protocol|server|vector|core|wrappers)\//.test(url);
  readonly #clock = new FakeClock();
  readonly #bugs: string[] = [];
  readonly #registry = cheapRegistry();
  readonly #dispatcher: Dispatcher;
  readonly #transport: InlineTransport;
  readonly #witness: WireClient;
  #work = 0;
  #witnessHandle = 0;
  #resident = 0;

  constructor() {
    let order = 0;
    this.#dispatcher = new Dispatcher({
      registry: this.#registry,
      host: this.#countingHost(),
      index: 0,
      runsPrograms: false,
      endpoints: ["inline:"],
      graceMs: GRACE_MS,
      clock: this.#clock,
      log: (level, message, fields = {}) => {
        if (level === "error") this.#bugs.push(`${message} ${JSON.stringify(fields)}`);
      },
      nextOrder: () => ++order,
    });
    this.#transport = new InlineTransport(this.#dispatcher.receive, this.#dispatcher.gone);
    this.#witness = new WireClient(this.#transport);
  }

  make(random: FuzzRandom): FuzzInput {
    const count = 2 + random.below(8);
    const frames = Array.from({ length: count }, (_, i) => callFrame(random, i + 2));
    return { salt: random.below(2 ** 31), frames };
  }

  async run(inputs: readonly FuzzInput[]): Promise<void> {
    if (this.#witnessHandle === 0) await this.#begin();
    this.#work = 0;
    const players = inputs.map((input) => new Player(this.#dispatcher, this.#transport, input));
    for (const player of players) player.open();
    let playing = players;
    while (playing.length > 0) {
      for (const player of playing) player.next();
      await this.#settle(playing);
      playing = playing.filter((player) => !player.isDone);
    }
    for (const player of players) player.check();
    for (const player of players) player.close();
    this.#clock.advance(2 * GRACE_MS);
    await this.#expectNothingLeft();
    await this.#expectWitness();
    const [bug] = this.#bugs.splice(0);
    if (bug !== undefined) throw new FuzzFailure(`the log has a bug: ${bug}`);
  }

  async #begin(): Promise<void> {
    await this.#witness.call("hello", 1, this.#witness.id, {});
    this.#witnessHandle = await this.#witness.make("test:Dice-v0");
    this.#resident = this.#environments();
  }

  async #settle(players: readonly Player[]): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      await nextTurn();
      const hasAnswered = players.filter((player) => player.answer()).length > 0;
      const isOverdue = players.some((player) => player.isOverdue);
      if (!hasAnswered && !isOverdue && turn >= (players.some((p) => p.mayWait) ? TURNS : 0))
        return;
    }
    players.find((player) => player.isOverdue)?.fail("no reply");
  }

  async #expectNothingLeft(): Promise<void> {
    let left = "";
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const { sessions, insight } = this.#dispatcher;
      const { calls_in_flight: calls } = insight.load();
      left = `${sessions.size} sessions, ${sessions.clients} clients, ${calls} calls, ${this.#environments()} environments`;
      if (left === `1 sessions, 1 clients, 0 calls, ${this.#resident} environments`) return;
      await nextTurn();
    }
    throw new FuzzFailure(`clients are gone, and what is left is ${left}`);
  }

  async #expectWitness(): Promise<void> {
    const list = await this.#witness.call("list");
    if (!Array.isArray(list) || list.length !== this.#registry.list().length)
      throw new FuzzFailure("list gives something else than before");
    const seed = WITNESS_SEED;
    const [start] = (await this.#witness.call(
      "reset",
      this.#witnessHandle,
      0,
      seed,
      {},
    )) as string[];
    const [step] = (await this.#witness.call("step", this.#witnessHandle, 0, "roll")) as string[];
    const alone = makeFromSpec(this.#registry.spec("test:Dice-v0"), {}, this.#countingHost());
    const [wantedStart] = await alone.reset(seed);
    const [wantedStep] = await alone.step("roll");
    if (start !== wantedStart || step !== wantedStep)
      throw new FuzzFailure(`another's trajectory has changed: ${String(start)}, ${String(step)}`);
    this.#witness.received.length = 0;
    this.#witness.frames.length = 0;
  }

  #environments(): number {
    return this.#dispatcher.insight.load().environments;
  }

  #countingHost(): EnvHost {
    return {
      run: <T>(work: Work<T>): T => {
        for (;;) {
          const next = work.next();
          if (next.done === true) return next.value;
          if (++this.#work > MOST_WORK) throw new FuzzFailure("a batch works without an end");
        }
      },
    };
  }
}

function cheapRegistry(): Registry {
  const registry = new Registry();
  for (const family of families)
    if (IDS.some((id) => Object.hasOwn(family.variants, id))) registry.addFamily(family);
  registry.register("test:Dice-v0", DiceEnv, { limit: 3 });
  return registry;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
