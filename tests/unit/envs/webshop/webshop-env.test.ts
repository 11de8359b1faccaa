import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Env, StepResult } from "../../../../src/core/env.ts";
import { buildShop } from "../../../../src/envs/webshop/build-shop.ts";
import { SHOP_FILE } from "../../../../src/envs/webshop/shop.ts";
import { defaultRegistry, make, makeFromSpec, spawn } from "../../../../src/make.ts";
import { inlineHost } from "../../../../src/core/host.ts";
import { buildTestShop, GOALS } from "../../../fixtures/webshop.ts";

const folder = mkdtempSync(join(tmpdir(), "gem-webshop-test-"));
const FIRST = "i want shoes that are easy to clean, number 0";

beforeAll(() => buildTestShop(folder));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function shop(options: Record<string, unknown> = {}, id = "webshop:train-text"): Env {
  return make(id, { data_folder: folder, ...options });
}

const box = (action: string): string => `\\boxed{${action}}`;

async function play(env: Env, ...actions: readonly string[]): Promise<StepResult> {
  let result: StepResult | undefined;
  for (const action of actions) result = await env.step(box(action));
  if (result === undefined) throw new Error("no action");
  return result;
}

describe("WebshopEnv", () => {
  it("begins on the search page, and says what is wanted and what can be done", async () => {
    const [observation, info] = await shop().reset(1, { session: 0 });
    expect(observation).toBe("Search");
    expect(info["prefix"]).toContain(FIRST);
    expect(info["prefix"]).toContain("0 steps");
    expect(info["suffix"]).toContain("['search[<your query>]']");
  });

  it("searches, looks at a product, chooses an option and buys it", async () => {
    const env = shop();
    await env.reset(1, { session: 0 });
    const [results, none, ended, , info] = await play(env, "search[Acme shoes model 0]");
    expect(results).toMatch(
      /^Back to Search \[SEP\] Page 1 \(Total results: 50\) \[SEP\] Next > \[SEP\] B0/,
    );
    expect(results).toContain("B000000000 [SEP] Acme leather shoes model 0 [SEP] $10.50");
    expect([none, ended, info["parsed_action"]]).toEqual([0, false, "search[acme shoes model 0]"]);
    const [item] = await play(env, "click[b000000000]");
    expect(item).toBe(
      [
        "Back to Search",
        "< Prev",
        "color",
        "red",
        "blue",
        "green",
        "dark grey",
        "standard",
        "size",
        "s | m",
        "large",
        "Acme leather shoes model 0",
        "Price: $10.50",
        "Rating: N.A.",
        "Description",
        "Features",
        "Reviews",
        "Buy Now",
      ].join(" [SEP] "),
    );
    await play(env, "click[red]");
    expect(env.getAttribute("options")).toEqual({ color: "red" });
    const [done, reward, terminated, truncated] = await play(env, "click[buy now]");
    expect(done).toContain("[SEP] None [SEP]");
    expect(done).toMatch(/\[SEP\] 1\.0$/);
    expect([reward, terminated, truncated]).toEqual([1, true, false]);
    expect(env.getAttribute("available_actions")).toEqual([]);
  });

  it("pays a part for a part", async () => {
    const env = shop();
    await env.reset(1, { session: 0 });
    const [, reward] = await play(
      env,
      "search[acme shoes model 0]",
      "click[b000000000]",
      "click[blue]",
      "click[buy now]",
    );
    expect(reward).toBe(2 / 3);
  });

  it("goes from page to page and back", async () => {
    const env = shop({ max_turns: 50, show_attrs: true });
    await env.reset(1, { session: 0 });
    const page = async (...actions: readonly string[]): Promise<string> =>
      String((await play(env, ...actions))[0]);
    await play(env, "search[acme]");
    expect(await page("click[next >]")).toContain("Page 2 (Total results: 50) [SEP] < Prev");
    expect(await page("click[< prev]")).toContain("Page 1");
    for (let i = 0; i < 6; i++) await play(env, "click[next >]");
    expect(await page("click[next >]")).toBe(
      "Back to Search [SEP] Page 8 (Total results: 50) [SEP] < Prev [SEP] Next >",
    );
    await play(env, "search[acme shoes model 0]", "click[b000000000]", "click[red]");
    expect(await page("click[description]")).toBe(
      'Back to Search [SEP] < Prev [SEP] A "very" <good> product',
    );
    expect(await page("click[< prev]", "click[features]")).toContain("Made of leather [SEP] Easy");
    expect(await page("click[< prev]", "click[reviews]")).toBe("Back to Search [SEP] < Prev");
    expect(await page("click[< prev]", "click[attributes]")).toContain("easy to clean");
    expect(env.getAttribute("options")).toEqual({ color: "red" });
    expect(await page("click[< prev]", "click[< prev]")).toContain("Page 1");
    expect(env.getAttribute("options")).toEqual({});
    expect(await page("click[back to search]")).toBe("Search");
    expect(await page("search[zzz]")).toContain("Total results: 0");
  });

  it("takes what cannot be done for a format error, and bears so many of them", async () => {
    const env = shop({ error_tolerance: 3 });
    await env.reset(1, { session: 0 });
    for (const action of ["click[search]", "click[no such]", "Search[x]"]) {
      const [observation, reward, terminated] = await play(env, action);
      expect([observation, reward, terminated]).toEqual(["Search", -0.1, false]);
    }
    const [, reward, terminated, truncated, info] = await env.step("nothing");
    expect([reward, terminated, truncated]).toEqual([-0.1, true, false]);
    expect(info["parsed_action"]).toBe("None");
  });

  it("sets both flags in the last turn, and keeps its reward", async () => {
    const env = shop({ max_turns: 2 });
    await env.reset(1, { session: 0 });
    expect((await play(env, "search[shoes]")).slice(1, 4)).toEqual([0, false, false]);
    expect((await env.step("nothing")).slice(1, 4)).toEqual([-0.1, true, true]);
  });

  it("shows pages as rich text with what was clicked", async () => {
    const env = shop({}, "webshop:train-text_rich");
    expect((await env.reset(1, { session: 0 }))[0]).toBe("WebShop\n[button] Search [button_]");
    const [results] = await play(env, "search[acme shoes model 0]");
    expect(results).toContain("\n\n[button] B000000000 [button_]\nAcme leather shoes model 0");
    const [item] = await play(env, "click[b000000000]", "click[red]");
    expect(item).toMatch(/^You have clicked red\.\nWebShop\n/);
    expect(item).toContain("\n  [clicked button] red [clicked button_]\n  [button] blue [button_]");
    const [again] = await play(env, "click[< prev]");
    expect(again).toContain("\n[clicked button] B000000000 [button_]");
  });

  it("shows pages as HTML and as addresses", async () => {
    const html = shop({}, "webshop:train-html");
    const [page] = await html.reset(1, { session: 0 });
    expect(page).toContain('<button type="submit" class="btn">Search</button>');
    expect(page).toContain(`<p>${FIRST}</p>`);
    const [item] = await play(
      html,
      "search[acme shoes model 0]",
      "click[b000000000]",
      "click[description]",
    );
    expect(item).toContain("A &quot;very&quot; &lt;good&gt; product");
    const url = shop({ observation_mode: "url", session_prefix: "p_" });
    expect((await url.reset(1, { session: "me" }))[0]).toBe("http://127.0.0.1:3000/p_me");
    expect((await play(url, "search[red shoes]"))[0]).toBe(
      "http://127.0.0.1:3000/search_results/p_me/red%20shoes/1",
    );
  });

  it("draws every goal, the first one too, more often with more weight", async () => {
    const env = shop({}, "webshop:test-text");
    const counts = new Map<unknown, number>();
    for (let i = 0; i < 600; i++) {
      await env.reset(i === 0 ? 5 : null);
      const index = env.getAttribute("goal_index");
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4]);
    const weights = GOALS.test.map(({ weight }) => Number(weight));
    expect(weights).toEqual([2, 3, 1, 2, 3]);
    expect(counts.get(1) ?? 0).toBeGreaterThan(counts.get(2) ?? 0);
  });

  it("has more customers than letters", async () => {
    const env = shop();
    const sessions = new Set<unknown>();
    for (let i = 0; i < 100; i++) {
      await env.reset(i === 0 ? 1 : null);
      sessions.add(env.getAttribute("session"));
    }
    expect(sessions.size).toBe(100);
  });

  it("shows a customer's own words where they are given", async () => {
    const [, info] = await shop().reset(1, { session: 3, instruction_text: "a lamp, please" });
    expect(info["prefix"]).toContain("a lamp, please");
  });

  it("refuses a goal that is not there, and what is no session", async () => {
    const env = shop();
    expect(() => env.reset(1, { session: 40 })).toThrow(/40 goals/);
    expect(() => env.reset(1, { session: 1.5 })).toThrow(/session/);
    expect(() => env.reset(1, { instruction_text: 7 })).toThrow(/instruction_text/);
  });

  it("is copied in the middle of an episode, and copies share nothing", async () => {
    const env = shop();
    await env.reset(1, { session: 0 });
    await play(env, "search[acme shoes model 0]", "click[b000000000]", "click[red]");
    const copy = await spawn(env, true);
    await play(copy, "click[blue]");
    expect(env.getAttribute("options")).toEqual({ color: "red" });
    expect(copy.getAttribute("options")).toEqual({ color: "blue" });
    const other = shop();
    await other.reset(1, { session: 0 });
    expect(other.getAttribute("options")).toEqual({});
  });

  it("says where a shop is looked for and how it is made, when there is none", () => {
    const spec = defaultRegistry().spec("webshop:train-text");
    const env = makeFromSpec(spec, { data_folder: "/no/such/folder" }, inlineHost);
    expect(() => env.reset()).toThrow(expect.objectContaining({ code: "GEM_UNAVAILABLE" }));
    expect(() => env.reset()).toThrow(/gem webshop build/);
  });
});

describe("buildShop", () => {
  it("leaves nothing behind when there is nothing to sell", async () => {
    const path = join(folder, "other", SHOP_FILE);
    const goals = { train: GOALS.train, test: [] };
    await expect(buildShop(path, { products: [{ name: "no asin" }], goals })).rejects.toMatchObject(
      {
        code: "GEM_INVALID_OPTION",
      },
    );
    const env = shop({ data_folder: join(folder, "other") });
    expect(() => env.reset()).toThrow(expect.objectContaining({ code: "GEM_UNAVAILABLE" }));
  });

  it("is replaced as a whole, and opened anew", async () => {
    const path = join(folder, "again", SHOP_FILE);
    const products = [{ asin: "X1", title: "One", price: 3 }];
    const goal = { asin: "X1", instruction_text: "one" };
    await buildShop(path, { products, goals: { train: [goal], test: [] } });
    const env = shop({ data_folder: join(folder, "again") });
    await env.reset(1);
    await buildShop(path, {
      products,
      goals: { train: [{ ...goal, instruction_text: "two" }], test: [] },
    });
    await env.reset(1);
    expect(env.getAttribute("instruction_text")).toBe("two");
  });
});
