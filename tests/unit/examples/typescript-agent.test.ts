import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { playAll, table, type Plan } from "../../../examples/typescript/agent.ts";
import type { Endpoint, Message } from "../../../examples/typescript/openai.ts";

interface Request {
  readonly model: string;
  readonly messages: readonly Message[];
}

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  );
});

/** A stub of an OpenAI-compatible server; `reply` says what its model says, or gives a status. */
async function serve(reply: (request: Request) => string | number): Promise<Endpoint> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const said = reply(JSON.parse(Buffer.concat(chunks).toString()) as Request);
    const isAllowed =
      request.url === "/v1/chat/completions" && request.headers.authorization === "Bearer secret";
    if (!isAllowed || typeof said === "number") {
      response.writeHead(typeof said === "number" ? said : 401).end("not now");
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    const choice = { index: 0, message: { role: "assistant", content: said } };
    response.end(JSON.stringify({ object: "chat.completion", choices: [choice] }));
  };
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1/`, apiKey: "secret", model: "stub" };
}

const PLAN: Plan = {
  env: "game:GuessTheNumber-v0-easy",
  episodes: 6,
  wrappers: [],
  seed: 40,
  maxTurns: 8,
  concurrency: 3,
};

/** Binary search over all hints of a conversation. */
function search({ messages }: Request): string {
  let [low, high] = [1, 10];
  for (const { content } of messages) {
    for (const [, side, number] of content.matchAll(/is (higher|lower) than (\d+)/g)) {
      if (side === "higher") low = Math.max(low, Number(number) + 1);
      else high = Math.min(high, Number(number) - 1);
    }
  }
  return `I try \\boxed{${Math.floor((low + high) / 2)}}.`;
}

test.each([{ wrappers: [] }, { wrappers: ["concat"] }])(
  "a model that searches solves every episode (wrappers: $wrappers)",
  async ({ wrappers }) => {
    const episodes = await playAll({ ...PLAN, wrappers }, await serve(search));
    expect(episodes.map(({ seed }) => seed)).toEqual([40, 41, 42, 43, 44, 45]);
    expect(episodes.every(({ solved, end }) => solved && end === "terminated")).toBe(true);
    expect(table(episodes).split("\n").at(-1)).toBe("mean return 1.000, solved 100 %");
  },
);

test("the model sees the whole conversation, or one prompt that tells it", async () => {
  const lengths = new Map<string, number[]>();
  for (const name of ["", "concat"]) {
    const seen: number[] = [];
    const endpoint = await serve((request) => {
      seen.push(request.messages.length);
      return search(request);
    });
    const wrappers = name === "" ? [] : [name];
    await playAll({ ...PLAN, wrappers, episodes: 1, seed: 3 }, endpoint);
    lengths.set(name, seen);
  }
  const turns = lengths.get("concat")?.length ?? 0;
  expect(lengths.get("concat")).toEqual(Array(turns).fill(1));
  expect(lengths.get("")).toEqual(Array.from({ length: turns }, (_, turn) => 2 * turn + 1));
});

test("a reply without an answer loses, and is no error", async () => {
  const [episode] = await playAll({ ...PLAN, episodes: 1 }, await serve(() => "No idea."));
  expect(episode).toMatchObject({ turns: 1, return: -0.1, solved: false, end: "terminated" });
});

test("a busy server is asked again, a refusal is told", async () => {
  let busy = 1;
  const endpoint = await serve((request) => (busy-- > 0 ? 503 : search(request)));
  const [episode] = await playAll({ ...PLAN, episodes: 1 }, endpoint);
  expect(episode?.solved).toBe(true);
  await expect(playAll({ ...PLAN, episodes: 1 }, { ...endpoint, apiKey: "no" })).rejects.toThrow(
    "The model's server answered 401: not now",
  );
});
