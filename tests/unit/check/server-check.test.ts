import { beforeEach, describe, expect, it } from "vitest";
import { CHECK_NAMES } from "../../../src/check/report.ts";
import { ClientRef } from "../../../src/protocol/values.ts";
import { TestServer, type NeedItem, type WireClient } from "../server/wire-client.ts";

interface Reply {
  readonly id: string;
  readonly passed: boolean;
  readonly checks: readonly (readonly [name: string, outcome: string, detail: string])[];
  readonly table: string;
}

let client: WireClient;

beforeEach(async () => {
  client = await new TestServer().connect();
});

function check(what: unknown, settings = {}, wrappers: unknown[] = []): Promise<Reply> {
  return client.call("check", [what, {}], wrappers, settings) as Promise<Reply>;
}

const failures = ({ checks }: Reply): string[] =>
  checks.filter(([, outcome]) => outcome === "failed").map(([name]) => name);

describe("check", () => {
  it("checks an id, a class and wrappers around it", async () => {
    const reply = await check("game:GuessTheNumber-v0-easy", { seeds: 2, steps: 5 });
    expect(reply).toMatchObject({ id: "game:GuessTheNumber-v0-easy", passed: true });
    expect(reply.checks.map(([name]) => name)).toEqual(CHECK_NAMES);
    expect(reply.table).toContain("\n  ✓ determinism    2 seeds, 2 ways, 5 steps each");
    expect(failures(await check({ class: "GuessTheNumberEnv" }, { steps: 5 }))).toEqual([]);
    const wrapped = await check("game:GuessTheNumber-v0-easy", { steps: 5 }, [["concat", {}]]);
    expect(failures(wrapped)).toEqual([]);
  });

  it("refuses what it cannot check", async () => {
    await expect(check("game:Nope")).rejects.toMatchObject({ code: "GEM_UNKNOWN_ENV" });
    await expect(check("rg:x", { speed: 1 })).rejects.toMatchObject({
      code: "GEM_INVALID_ARGUMENT",
    });
    const wrong = check("game:GuessTheNumber-v0-easy", { steps: 0 });
    await expect(wrong).rejects.toMatchObject({ code: "GEM_INVALID_OPTION" });
  });

  it("asks an object of the client for new environments, and plays only those", async () => {
    const counters = new Counters(1);
    client.answerer = (item) => counters.answer(item);
    const reply = await check({ object: 1, id: "my:Counter-v0" });
    expect([failures(reply), reply.id]).toEqual([[], "my:Counter-v0"]);
    expect(counters.playedMaker).toBe(false);
    expect(counters.made).toBeGreaterThan(10);
    expect(
      reply.checks.filter(([, outcome]) => outcome === "skipped").map(([name]) => name),
    ).toEqual(["random_action", "before_reset", "memory"]);
  });

  it("says what a client's object raised", async () => {
    client.answerer = ([, method]) => {
      if (method === "spawn") return new ClientRef(2);
      throw new Error(`no ${method} today`);
    };
    const raised = await check({ object: 1, id: "my:Env" });
    expect(raised.checks[0]?.[2]).toBe(
      "GEM_OBJECT_FAULT: reset() of my:Env raised ValueError: no reset today",
    );
    client.answerer = () => {
      throw new Error("no memory");
    };
    const unmade = await check({ object: 1, id: "my:Env" });
    expect(unmade.checks[0]?.[2]).toBe(
      "GEM_OBJECT_FAULT: Making my:Env raised ValueError: no memory",
    );
  });

  it("ends when a client's object does not answer", async () => {
    client.answerer = null;
    const reply = await check({ object: 1, id: "my:Env" }, { deadline_seconds: 0.05 });
    expect(reply.checks[0]).toEqual([
      "start",
      "failed",
      "GEM_DEADLINE: The check did not end within 0.05 s; its last call was making it.",
    ]);
  });
});

/** A client's environments that count from their seed on, beside the object that makes them. */
class Counters {
  made = 0;
  playedMaker = false;
  readonly #maker: number;
  readonly #counts = new Map<number, number>();

  constructor(maker: number) {
    this.#maker = maker;
  }

  answer([ref, method, args]: NeedItem): unknown {
    if (method === "spawn") return new ClientRef(this.#maker + ++this.made);
    if (ref === this.#maker) this.playedMaker = true;
    const count = this.#counts.get(ref) ?? 0;
    if (method === "reset") {
      const [seed] = args;
      this.#counts.set(ref, seed === null ? count + 100 : Number(seed));
      return [`from ${String(this.#counts.get(ref))}`, {}];
    }
    if (method === "step") {
      this.#counts.set(ref, count + 1);
      return [`at ${String(count)}`, count, count % 5 === 0, false, { list: [count] }];
    }
    if (method === "sample_random_action") return String(count % 10);
    if (method === "get_state") return { count };
    if (method === "set_state") this.#counts.set(ref, (args[0] as { count: number }).count);
    return null;
  }
}
