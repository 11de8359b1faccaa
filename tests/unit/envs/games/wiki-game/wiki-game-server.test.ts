import { afterEach, describe, expect, it } from "vitest";
import type { Env } from "../../../../../src/core/env.ts";
import { make } from "../../../../../src/make.ts";
import { send } from "../../../../fixtures/http-server.ts";
import { startMediaWiki, type MediaWikiServer } from "./media-wiki-server.ts";
import { BACK, EASY, playAll } from "./play-wiki.ts";

describe("WikiGame on a server", () => {
  let server: MediaWikiServer | undefined;
  afterEach(() => server?.close());

  async function online(): Promise<Env> {
    server = await startMediaWiki({
      Tea: { text: "Hot.", links: ["Cup"] },
      Cup: { text: "Round.", links: ["Tea", "Goal"] },
      Goal: { text: "The end.", links: ["Tea"] },
    });
    server.random.push("Tea", "Goal");
    const trawler_kwargs = { url: server.url, query_delay_ms: 0, max_query_attempts: 1 };
    const env = make(EASY, { trawler_kwargs });
    await env.reset();
    return env;
  }

  it("is won", async () => {
    const env = await online();
    expect(await playAll(env, ["\\boxed{Cup}", "\\boxed{Goal}"])).toEqual([
      [-0.05, false, false, "Cup", 1],
      [1, true, false, "Goal", 2],
    ]);
  });

  it("stands where it stood when a page could not be had, and the step can be played again", async () => {
    const env = await online();
    const before = await env.getState();
    server?.troubles.push((response) => send(response, 503));
    await expect(env.step("\\boxed{Cup}")).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      details: { id: EASY, retryable: true },
    });
    expect(await env.getState()).toEqual(before);
    expect(await playAll(env, ["\\boxed{Cup}"])).toEqual([[-0.05, false, false, "Cup", 1]]);
  });

  it("asks nothing for a reply that needs no page", async () => {
    const env = await online();
    const asked = server?.asked.length;
    for (const reply of ["", "\\boxed{Goal}", BACK])
      expect(env.step(reply)).not.toBeInstanceOf(Promise);
    expect(server?.asked.length).toBe(asked);
  });

  it("stops waiting when it is closed", async () => {
    const env = await online();
    const arrived = new Promise<void>((resolve) => server?.troubles.push(() => resolve()));
    const step = env.step("\\boxed{Cup}");
    await arrived;
    await env.close();
    await expect(step).rejects.toMatchObject({ code: "GEM_CLOSED" });
  });
});
