import { beforeEach, describe, expect, it } from "vitest";
import { ClientRef } from "../../../src/protocol/values.ts";
import { TestServer, type WireClient } from "./wire-client.ts";

let server: TestServer;
let client: WireClient;

beforeEach(async () => {
  server = new TestServer();
  client = await server.connect();
});

describe("a tokenizer of the client", () => {
  it("templates the chat", async () => {
    client.answerer = ([ref, method, args, kwargs]) =>
      `${String(ref)} ${method} ${JSON.stringify([args, kwargs])}`;
    const handle = await client.make("test:Dice-v0", {}, [
      ["concat_chat", { tokenizer: new ClientRef(3) }],
    ]);
    const [observation] = (await client.call("reset", handle, 0, 3, {})) as [string];
    expect(observation).toBe(
      '3 apply_chat_template [[[{"role":"user","content":"start 2"}]],{"tokenize":false,"add_generation_prompt":true}]roll!',
    );
  });

  it("of a fork is asked in the name of the fork's own call", async () => {
    client.answerer = () => "chat";
    const handle = await client.make("test:Dice-v0", {}, [
      ["concat_chat", { tokenizer: new ClientRef(3) }],
    ]);
    await client.call("reset", handle, 0, 3, {});
    const [, fork] = (await client.call("spawn", handle, 0, true, {})) as [unknown, number];
    const sibling = await server.connect(client.id);
    sibling.answerer = () => "other chat";
    await expect(sibling.call("step", fork, 0, "x")).resolves.toMatchObject({
      0: "other chatroll!",
    });
    await expect(client.call("step", handle, 0, "x")).resolves.toMatchObject({ 0: "chatroll!" });
  });

  it("must give text", async () => {
    client.answerer = () => [1, 2];
    const handle = await client.make("test:Dice-v0", {}, [
      ["concat_chat", { tokenizer: new ClientRef(3) }],
    ]);
    await expect(client.call("reset", handle, 0, 3, {})).rejects.toMatchObject({
      code: "GEM_OBJECT_FAULT",
      message: expect.stringContaining("must give a string") as string,
    });
  });
});
