import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WikiBackend } from "../../../../../src/envs/games/wiki-game/backend.ts";
import { inlineHost } from "../../../../../src/core/host.ts";
import { createBackend } from "../../../../../src/envs/games/wiki-game/backends/index.ts";
import { PythonRandom } from "../../../../../src/random/python-random.ts";
import { send } from "../../../../fixtures/http-server.ts";
import { startMediaWiki, type MediaWikiServer } from "./media-wiki-server.ts";

const NEVER = new AbortController().signal;
const EIGHT = ["a", "b", "c", "d", "e", "f", "g", "h"];

let wiki: MediaWikiServer;
beforeEach(async () => {
  wiki = await startMediaWiki({
    Tea: { text: "Tea is a hot drink.", links: EIGHT },
    Chai: { text: "", redirect: "Tea" },
    Dead: { text: "Nothing leads on." },
    Mercury: { text: "Mercury may mean", links: ["Missing", "Planet"], isDisambiguation: true },
    Planet: { text: "A planet turns round a star.", links: ["Tea"] },
  });
});
afterEach(() => wiki.close());

function backend(options: Readonly<Record<string, unknown>> = {}): WikiBackend {
  const url = `${wiki.url}/w/api.php`;
  return createBackend("test", "mw", { url, query_delay_ms: 0, ...options }, inlineHost);
}

const draw = (mw: WikiBackend) => mw.randomPage(new PythonRandom(0), NEVER);

describe("a page of a MediaWiki", () => {
  it("is put together from as many answers as its links take", async () => {
    expect(await backend().page("Tea", NEVER)).toEqual({
      page_id: "100",
      title: "Tea",
      content: "Tea is a hot drink.",
      links: EIGHT,
    });
    expect(wiki.asked).toHaveLength(3);
  });

  it("has at most as many links as asked for, and no more of them are fetched", async () => {
    expect((await backend({ max_links: 4 }).page("Tea", NEVER)).links).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
    expect(wiki.asked).toHaveLength(2);
  });

  it("is asked for politely: all links at a time, redirects resolved, not while the servers lag", async () => {
    await backend().page("Chai", NEVER);
    const query = Object.fromEntries(wiki.asked[0]?.searchParams ?? []);
    expect(query).toMatchObject({
      action: "query",
      formatversion: "2",
      maxlag: "5",
      pllimit: "max",
      plnamespace: "0",
      redirects: "1",
      explaintext: "1",
      titles: "Chai",
    });
  });

  it("stands for those that redirect to it", async () => {
    expect((await backend().page("Chai", NEVER)).title).toBe("Tea");
  });

  it("is the first search hit when there is none of the title", async () => {
    expect((await backend().page("turns round", NEVER)).title).toBe("Planet");
  });

  it("is the first option that exists when the title is ambiguous", async () => {
    expect((await backend().page("Mercury", NEVER)).title).toBe("Planet");
  });

  it("is a fault when nothing is found", async () => {
    await expect(backend().page("Atlantis", NEVER)).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining('has no page "Atlantis"') as string,
      details: { title: "Atlantis", retryable: false },
    });
  });

  it("may have no links", async () => {
    expect((await backend().page("Dead", NEVER)).links).toEqual([]);
  });

  it("keeps a bar in its title", async () => {
    await expect(backend().page("A|B", NEVER)).rejects.toThrow(/no page "A\|B"/);
    expect(wiki.asked[0]?.searchParams.get("titles")).toBe("\u001fA|B");
  });

  it("is asked for once an episode with a cache, and each time without", async () => {
    const cached = backend({ query_use_cache: true });
    await cached.page("Planet", NEVER);
    await cached.page("Planet", NEVER);
    expect(wiki.asked).toHaveLength(1);
    cached.startEpisode?.();
    await cached.page("Planet", NEVER);
    expect(wiki.asked).toHaveLength(2);
    const plain = backend();
    await plain.page("Planet", NEVER);
    await plain.page("Planet", NEVER);
    expect(wiki.asked).toHaveLength(4);
  });

  it("is cut: content at 16,000 characters", async () => {
    await wiki.close();
    wiki = await startMediaWiki({ Long: { text: "x".repeat(20_000), links: ["Tea"] } });
    expect((await backend().page("Long", NEVER)).content).toHaveLength(16_000);
  });
});

describe("a random page of a MediaWiki", () => {
  it("is drawn again while it has no links", async () => {
    wiki.random.push("Dead", "Dead", "Planet");
    expect((await draw(backend())).title).toBe("Planet");
  });

  it("is given up when none has", async () => {
    wiki.random.push(...Array<string>(200).fill("Dead"));
    await expect(draw(backend())).rejects.toThrow(/None of 200 random pages .* has links/);
  });
});

describe("a MediaWiki in trouble", () => {
  const lagging = { error: { code: "maxlag", info: "Waiting for a database: 6 seconds lagged" } };

  it.each([
    ["lags behind", 200, lagging],
    ["has too many requests", 429, "slow down"],
    ["is overloaded", 503, ""],
    ["answers with garbage", 200, "<html>"],
    ["answers with JSON of another shape", 200, { query: { pages: [{ title: 7 }] } }],
  ])("is asked again when it %s", async (_, status, body) => {
    wiki.troubles.push((response) => send(response, status, body, { "retry-after": "0" }));
    expect((await backend().page("Planet", NEVER)).title).toBe("Planet");
  });

  it("is given up after the attempts asked for", async () => {
    const fail = () => (response: Parameters<typeof send>[0]) => send(response, 200, lagging);
    wiki.troubles.push(fail(), fail());
    await expect(backend({ max_query_attempts: 2 }).page("Tea", NEVER)).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining(
        "after 2 attempts: maxlag: Waiting for a database",
      ) as string,
      details: { attempts: 2, retryable: true },
    });
  });

  it("is not asked again when it refuses, or is no API", async () => {
    wiki.troubles.push(
      (response) => send(response, 200, { error: { code: "readapidenied", info: "No." } }),
      (response) => send(response, 404, "nothing here"),
    );
    await expect(backend().page("Tea", NEVER)).rejects.toThrow(/refuses: readapidenied: No\./);
    await expect(backend().page("Tea", NEVER)).rejects.toThrow(/status 404\. Is it the address/);
    expect(wiki.asked).toHaveLength(2);
  });

  it("is given up when its answers take too long", async () => {
    wiki.troubles.push(() => undefined);
    const slow = backend({ max_query_attempts: 1, timeout_ms: 30 });
    await expect(slow.page("Tea", NEVER)).rejects.toThrow(/no whole answer within 30 ms/);
  });

  it("that goes on for ever is stopped", async () => {
    const more = { continue: { plcontinue: "0" }, query: { pages: [{ title: "Tea" }] } };
    for (let i = 0; i < 200; i++) wiki.troubles.push((response) => send(response, 200, more));
    expect((await backend().page("Tea", NEVER)).links).toEqual([]);
    expect(wiki.asked).toHaveLength(50);
  });
});
