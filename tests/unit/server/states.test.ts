import { expect, test } from "vitest";
import { TestServer, type NeedItem } from "./wire-client.ts";

test("states of many environments go out and into others in one call each", async () => {
  const client = await new TestServer().connect();
  const ids = ["game:GuessTheNumber-v0-easy", "game:Game2048-v0-easy"];
  const first = await Promise.all(ids.map((id) => client.make(id, { seed: 1 })));
  for (const handle of first) await client.call("reset", handle, 0, null, {});
  const states = (await client.call("get_states", first)) as object[];
  const second = await Promise.all(ids.map((id) => client.make(id, { seed: 2 })));
  await client.call(
    "set_states",
    second.map((handle, index) => [handle, states[index]]),
  );
  expect(await client.call("get_states", second)).toEqual(states);
  expect(await client.call("get_state", second[0], 0)).toEqual(states[0]);
});

test("an environment that can give no state leaves the others theirs", async () => {
  const client = await new TestServer().connect();
  const open = await client.make("game:GuessTheNumber-v0-easy");
  const closed = await client.make("game:GuessTheNumber-v0-easy");
  await client.call("close", [closed]);
  const [first, second] = (await client.call("get_states", [open, closed])) as unknown[];
  expect(first).toHaveProperty("state");
  expect(second).toBeNull();
});

test("objects of the client are not asked for their part of a state, nor given one", async () => {
  const client = await new TestServer().connect();
  const asked: string[] = [];
  client.answerer = ([, method]: NeedItem) => {
    asked.push(method);
    return method === "reset" ? ["start", {}] : null;
  };
  const handle = await client.makeObject(7, [["EpisodeTrackingWrapper", {}]]);
  await client.call("reset", handle, 0, null, {});
  const [state] = (await client.call("get_states", [handle])) as unknown[];
  await client.call("set_states", [[handle, state]]);
  expect(asked).toEqual(["reset"]);
  await client.call("get_state", handle, 0);
  expect(asked).toEqual(["reset", "get_state"]);
});

test("hello names a worker that is another one after it was restarted", async () => {
  const born = async (server: TestServer): Promise<unknown> => {
    const client = await server.connect();
    return (client.received[0]?.[2] as { born: unknown }).born;
  };
  const server = new TestServer();
  expect(await born(server)).toEqual(await born(server));
  expect(await born(new TestServer())).not.toEqual(await born(server));
});

test("make says what unseeded generators started from", async () => {
  const client = await new TestServer().connect();
  const id = "game:GuessTheNumber-v0-easy";
  const [, , seeds] = (await client.call(
    "make",
    [
      [id, {}],
      [id, { seed: 5 }],
    ],
    [],
  )) as [unknown, unknown, (bigint | null)[]];
  expect(seeds).toEqual([expect.anything(), null]);
  const same = await client.make(id, { seed: seeds[0] });
  const reset = async (handle: number): Promise<unknown> => {
    await client.call("reset", handle, 0, null, {});
    return ((await client.call("get_states", [handle])) as { state: unknown }[])[0]?.state;
  };
  expect(await reset(same)).toEqual(await reset(1));
});
