import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../../../src/protocol/codec.ts";
import { counters } from "./counters.ts";
import type { WireClient } from "./wire-client.ts";
import { TestServer } from "./wire-client.ts";

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    1,
    2,
    3,
    -1,
    1.5,
    2n ** 70n,
    "",
    "concat",
    "SameStep",
    "turn_count",
  ),
  fc.array(fc.nat(4), { maxLength: 3 }),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 3 }), fc.nat(3), { maxKeys: 2, noNullPrototype: true }),
);

const method = fc.constantFrom(
  ...[
    "list",
    "make",
    "wrap",
    "reset",
    "step",
    "get",
    "set",
    "call",
    "get_state",
    "set_state",
    "spawn",
  ],
  ...["vector", "vector_set", "vector_reset", "vector_step", "close", "release", "hello"],
);

/** A client with an environment (handle 1), an object (2) and a vector of both (3). */
async function populated(server: TestServer): Promise<WireClient> {
  const client = await server.connect();
  client.answerer = counters();
  await client.make("test:Dice-v0", {}, [["concat", {}]]);
  await client.makeObject(5);
  await client.call("vector", [1, 2], true, "SameStep");
  await client.call("vector_reset", 3, [1, 2], {});
  return client;
}

function bugs(server: TestServer): unknown[] {
  return server.log.filter(({ message }) => message === "A bug");
}

describe("a dispatcher", () => {
  it("answers every call with a result or a caller's error, whatever its parameters are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(method, fc.array(value, { maxLength: 4 })), { maxLength: 20 }),
        async (calls) => {
          const server = new TestServer();
          const client = await populated(server);
          for (const [name, params] of calls)
            await client.call(name, ...params).catch(() => undefined);
          expect(bugs(server)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("survives frames with any byte changed", async () => {
    const server = new TestServer();
    const client = await populated(server);
    const session = client.session;
    fc.assert(
      fc.property(
        method,
        fc.array(value, { maxLength: 4 }),
        fc.nat(),
        fc.nat(255),
        (name, params, position, byte) => {
          const frame = encode([0, session, client.n + 1, name, params]);
          frame[position % frame.length] = byte;
          client.sendFrame(frame);
          if (client.received.at(-1)?.[1] === client.n + 1) client.n += 1;
        },
      ),
      { numRuns: 2000 },
    );
    expect(bugs(server)).toEqual([]);
    expect(client.n).toBeGreaterThan(100);
  });

  it("plays the same episode whichever frames are repeated, over however many connections", async () => {
    const server = new TestServer();
    const actions = ["a", "b", "c", "d", "e", "f"];
    const play = async (
      repeats: readonly [times: number, reconnect: boolean][],
    ): Promise<unknown[]> => {
      const client = await server.connect();
      const handle = await client.make("test:Dice-v0", { limit: 100 });
      const replies = [await client.call("reset", handle, 0, 7, {})];
      for (const [index, action] of actions.entries()) {
        const params = [handle, 0, action];
        const reply = client.call("step", ...params);
        const [times, reconnect] = repeats[index] ?? [0, false];
        for (let i = 0; i < times; i++) {
          if (reconnect) client.reconnect();
          client.send([0, client.session, client.n, "step", params]);
        }
        replies.push(await reply);
      }
      return replies;
    };
    const clean = await play([]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 6 }),
        async (repeats) => {
          expect(await play(repeats)).toEqual(clean);
        },
      ),
      { numRuns: 50 },
    );
  });
});
