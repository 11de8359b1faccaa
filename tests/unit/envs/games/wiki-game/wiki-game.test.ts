import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Env, StepResult } from "../../../../../src/core/env.ts";
import type { WikiPage } from "../../../../../src/envs/games/wiki-game/page.ts";
import { wikiGame } from "../../../../../src/envs/games/wiki-game/wiki-game.ts";
import { make, spawn } from "../../../../../src/make.ts";
import { makeEnv, type Choices } from "../../play.ts";
import { anyReply } from "../../replies.ts";
import { BACK, EASY, playAll } from "./play-wiki.ts";

const WIKI = fileURLToPath(new URL("../../../../fixtures/wiki", import.meta.url));
const FOLDER = { backend: "folder", trawler_kwargs: { path: WIKI } };

const pages = new Map(
  readdirSync(WIKI).map((name) => {
    const page = JSON.parse(readFileSync(join(WIKI, name), "utf8")) as WikiPage;
    return [page.title, { ...page, page_id: page.title }] as const;
  }),
);

function wiki(choices: Choices = {}): Env {
  return makeEnv(wikiGame, EASY, { ...choices, options: { ...FOLDER, ...choices.options } });
}

/** A game between two pages of the folder. */
async function between(
  start: string,
  target: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Env> {
  const env = wiki({ options });
  await env.reset(0);
  const first = pages.get(start);
  await env.setAttribute("start_page", first);
  await env.setAttribute("current_page", first);
  await env.setAttribute("page_history", [first]);
  await env.setAttribute("target_page", pages.get(target));
  await env.setAttribute(
    "perfect_memory",
    new Set(options["variant"] === "eidetic" ? first?.links : []),
  );
  return env;
}

const history = (env: Env): string[] =>
  (env.getAttribute("page_history") as WikiPage[]).map(({ title }) => title);
const observe = async (env: Env, reply: string): Promise<string> =>
  String((await env.step(reply))[0]);
const suffixOf = ([, , , , info]: StepResult): string => String(info["suffix"]);

describe("WikiGame's replies", () => {
  it.each([
    "no box",
    "",
    "\\boxed{}",
    "\\boxed{Sea",
    "\\fbox{Sea}",
    "\\boxed {Sea}",
    "\\boxed{Sea} and \\boxed{Lake",
  ])("without an answer cost 0.2 and a turn, and do not end the game: %j", async (reply) => {
    const env = await between("River", "Tea", { max_turns: 2 });
    expect(await playAll(env, [reply, reply, reply])).toEqual([
      [-0.2, false, false, "River", 1],
      [-0.2, false, true, "River", 2],
      [-0.2, false, false, "River", 3],
    ]);
  });

  it("are judged by their last box, blanks and case included", async () => {
    const env = await between("River", "Tea");
    expect(
      await playAll(env, ["\\boxed{Sea} or \\boxed{Lake}", "\\boxed{ Ice}", "\\boxed{ice}"]),
    ).toEqual([
      [-0.05, false, false, "Lake", 1],
      [-0.2, false, false, "Lake", 2],
      [-0.2, false, false, "Lake", 3],
    ]);
  });

  it("may be anything at all", async () => {
    const envs = await Promise.all(
      ["noregrets", "oneback", "freenav", "eidetic"].map((variant) =>
        between("River", "Tea", { variant }),
      ),
    );
    const replies = fc.oneof(
      anyReply,
      fc.constantFrom(...pages.keys(), "<PREV_PAGE>").map((title) => `\\boxed{${title}}`),
    );
    await fc.assert(
      fc.asyncProperty(replies, fc.constantFrom(...envs), async (reply, env) => {
        const [observation, reward] = await env.step(reply);
        expect(typeof observation).toBe("string");
        expect([1, 0, -0.05, -0.1, -0.2]).toContain(reward);
      }),
    );
  });
});

describe("WikiGame's moves", () => {
  it("earn -0.05, and 1 at the target, also in the last turn and after the end", async () => {
    const env = await between("Tea", "Bridge", { max_turns: 3 });
    const way = ["Water", "River", "Bridge", "Road"].map((title) => `\\boxed{${title}}`);
    expect(await playAll(env, way)).toEqual([
      [-0.05, false, false, "Water", 1],
      [-0.05, false, false, "River", 2],
      [1, true, false, "Bridge", 3],
      [0, true, true, "Road", 4],
    ]);
    expect(history(env)).toEqual(["Tea", "Water", "River", "Bridge", "Road"]);
  });

  it("earn nothing in the last turn, nor do wrong titles", async () => {
    for (const reply of ["\\boxed{Water}", "\\boxed{Nowhere}"]) {
      const env = await between("Tea", "Bridge", { max_turns: 1 });
      const [observation, reward, terminated, truncated] = await env.step(reply);
      expect([reward, terminated, truncated]).toEqual([0, true, true]);
      expect(observation).toMatch(/No turn is left, and "Bridge" is not reached\.$/);
    }
  });

  it("to a wrong title are answered with the first link that contains it", async () => {
    const env = await between("Cup", "Bridge");
    expect(await observe(env, "\\boxed{CUP}")).toContain(
      "Did you mean \\boxed{Cup (disambiguation)}?",
    );
    expect(await observe(env, "\\boxed{xyz}")).toContain("Answer with the exact title");
    expect((await observe(env, `\\boxed{${"x".repeat(5000)}}`)).length).toBeLessThan(400);
  });
});

describe("WikiGame's ways back", () => {
  it.each(["noregrets", "eidetic"])("are none in %s", async (variant) => {
    const env = await between("Tea", "Bridge", { variant, max_turns: 2 });
    expect(await playAll(env, ["\\boxed{Water}", BACK, BACK])).toEqual([
      [-0.05, false, false, "Water", 1],
      [-0.2, false, true, "Water", 2],
      [-0.2, false, false, "Water", 3],
    ]);
  });

  it("are one at a time in oneback", async () => {
    const env = await between("Tea", "Bridge", { variant: "oneback", max_turns: 4 });
    expect(await playAll(env, [BACK, "\\boxed{Water}", "\\boxed{Lake}", BACK, BACK])).toEqual([
      [-0.2, false, false, "Tea", 1],
      [-0.05, false, false, "Water", 2],
      [-0.05, false, false, "Lake", 3],
      [-0.05, false, true, "Water", 4],
      [-0.2, false, false, "Water", 5],
    ]);
    expect(env.getAttribute("backtracked")).toBe(true);
    await env.step("\\boxed{Sea}");
    expect(env.getAttribute("backtracked")).toBe(false);
  });

  it("lead to the start in freenav", async () => {
    const env = await between("Tea", "Bridge", { variant: "freenav" });
    const replies = ["\\boxed{Water}", "\\boxed{Lake}", BACK, BACK, BACK];
    expect(await playAll(env, replies)).toEqual([
      [-0.05, false, false, "Water", 1],
      [-0.05, false, false, "Lake", 2],
      [-0.05, false, false, "Water", 3],
      [-0.05, false, false, "Tea", 4],
      [-0.2, false, false, "Tea", 5],
    ]);
    expect(history(env)).toEqual(["Tea"]);
  });
});

describe("WikiGame's pages without links", () => {
  it("end the game with 0 in noregrets, without being in the history", async () => {
    const env = await between("Ice", "Tea");
    expect(await playAll(env, ["\\boxed{Glacier}"])).toEqual([[0, true, false, "Glacier", 1]]);
    expect(history(env)).toEqual(["Ice"]);
    expect(suffixOf(await env.step(BACK))).toContain("(none)");
    expect(await env.sampleRandomAction()).toBe(BACK);
  });

  it.each(["oneback", "freenav"])("cost two turns and 0.1 in %s", async (variant) => {
    const env = await between("Ice", "Tea", { variant, max_turns: 4 });
    const replies = ["\\boxed{Glacier}", "\\boxed{Glacier}"];
    expect(await playAll(env, replies)).toEqual([
      [-0.1, false, false, "Ice", 2],
      [-0.1, false, true, "Ice", 4],
    ]);
    expect(env.getAttribute("backtracked")).toBe(true);
  });

  it("are entered in eidetic, where one goes on from elsewhere", async () => {
    const env = await between("Ice", "Tea", { variant: "eidetic" });
    expect(await playAll(env, ["\\boxed{Glacier}", "\\boxed{Lake}"])).toEqual([
      [-0.05, false, false, "Glacier", 1],
      [-0.05, false, false, "Lake", 2],
    ]);
  });

  it("are won when they are the target", async () => {
    const env = await between("Ice", "Glacier");
    expect(await playAll(env, ["\\boxed{Glacier}"])).toEqual([[1, true, false, "Glacier", 1]]);
  });
});

describe("WikiGame's memory", () => {
  it("holds the links of all visited pages in the order in which they were seen", async () => {
    const env = await between("Tea", "Road", { variant: "eidetic" });
    const step = await env.step("\\boxed{Water}");
    const links = [...suffixOf(step).matchAll(/^- \\boxed\{(.*)\}$/gm)].map(([, title]) => title);
    expect(links).toEqual(["Water", "Cup", "Island", "River", "Sea", "Lake", "Ice", "Rain", "Tea"]);
    expect((await playAll(env, ["\\boxed{Island}"]))[0]).toEqual([
      -0.05,
      false,
      false,
      "Island",
      2,
    ]);
  });

  it("is empty at the start of an episode, and in other variants always", async () => {
    const env = wiki({ options: { variant: "eidetic" } });
    await env.reset(1);
    for (let i = 0; i < 10; i++) await env.step(await env.sampleRandomAction());
    await env.reset();
    const { links } = env.getAttribute("start_page") as WikiPage;
    expect(env.getAttribute("perfect_memory")).toEqual(new Set(links));
    const plain = wiki();
    await plain.reset(1);
    expect(plain.getAttribute("perfect_memory")).toEqual(new Set());
  });
});

describe("WikiGame's episodes", () => {
  it("begin on the same pages for the same seed", async () => {
    const first = async (env: Env, seed: number | null) => String((await env.reset(seed))[0]);
    const env = wiki({ seed: 7n });
    const texts = [await first(env, null), await first(env, null), await first(env, 3)];
    const again = wiki({ seed: 7n });
    expect([await first(again, null), await first(again, null)]).toEqual(texts.slice(0, 2));
    expect(await first(again, 3)).toBe(texts[2]);
    expect(new Set(texts).size).toBe(3);
  });

  it("say goal, rules and how to answer", async () => {
    for (const variant of ["noregrets", "oneback", "freenav", "eidetic"]) {
      const env = wiki({ options: { variant, page_summary_length: [1, "sentences"] } });
      const [rules, info] = await env.reset(4);
      const start = env.getAttribute("start_page") as WikiPage;
      const target = env.getAttribute("target_page") as WikiPage;
      const [first = ""] = start.links;
      for (const part of [start.title, target.title, "30 turns", `\\boxed{${first}}`]) {
        expect(rules).toContain(part);
      }
      expect(info["suffix"]).toContain(`"${target.title}"`);
      expect(env.callMethod("get_task_suffix", [])).toBe(info["suffix"]);
    }
  });

  it("use other words when given", async () => {
    const prompts = { suffix: "{current}>{target}: {links}", link: "[{title}]" };
    const env = wiki({ prompts, options: { variant: "freenav" } });
    const [, info] = await env.reset(0);
    expect(info["suffix"]).toMatch(/^[^>]+>[^:]+: \[.+\]/);
  });

  it("go on alike in a fork, and in an environment that takes the state", async () => {
    const env = make(EASY, { ...FOLDER, seed: 5, variant: "oneback" });
    await env.reset();
    for (let i = 0; i < 3; i++) await env.step(await env.sampleRandomAction());
    const fork = await spawn(env, true);
    const other = make(EASY, { ...FOLDER, variant: "oneback" });
    await other.setState(structuredClone(await env.getState()));
    for (let i = 0; i < 8; i++) {
      const action = await env.sampleRandomAction();
      const expected = await env.step(action);
      expect(await fork.sampleRandomAction()).toBe(action);
      expect(await fork.step(action)).toEqual(expected);
      expect(await other.step(action)).toEqual(expected);
    }
  });

  it("do not begin or aim at a page that lists meanings of a word", async () => {
    const env = wiki();
    for (let seed = 0; seed < 60; seed++) {
      await env.reset(seed);
      for (const name of ["start_page", "target_page"]) {
        expect((env.getAttribute(name) as WikiPage).title).not.toContain("disambiguation");
      }
    }
  });

  it("have pages as attributes, which can be set to pages only", async () => {
    const env = wiki({ options: { page_summary_length: [7, "words"], variant: "oneback" } });
    await env.reset(0);
    expect(Object.keys(env.getAttribute("current_page") as WikiPage)).toEqual([
      "page_id",
      "title",
      "content",
      "links",
    ]);
    const derived = ["variant", "page_summary_length", "page_summary_length_unit"];
    expect(derived.map((name) => env.getAttribute(name))).toEqual(["oneback", 7, "words"]);
    for (const value of ["River", { title: "River" }, { ...pages.get("River"), links: [1] }]) {
      expect(() => env.setAttribute("current_page", value)).toThrow(/cannot be set to/);
    }
  });
});

describe("WikiGame's options", () => {
  it.each([
    [{ max_turns: 0 }, /"max_turns" .* must be a positive integer/],
    [{ backend: "wikipedia" }, /must be one of "mw", "kiwix", "zim", "folder"/],
    [{ variant: "none" }, /must be one of "noregrets", "oneback", "freenav", "eidetic"/],
    [{ page_summary_length: [10, "lines"] }, /one of "characters", "words", "sentences"/],
    [{ page_summary_length: [0, "words"] }, /a positive integer/],
    [{ trawler_kwargs: ["path"] }, /must be a map of the backend's options, or null/],
    [
      { trawler_kwargs: { folder: "x" } },
      /backend "folder" has no option "folder".*path, max_links/,
    ],
    [{ trawler_kwargs: null }, /"path" .* must be the path of a folder/],
    [{ backend: "zim", trawler_kwargs: null }, /must be the path of a \.zim file/],
    [{ backend: "mw", trawler_kwargs: { url: "ftp://x" } }, /must be an http or https address/],
    [
      { backend: "kiwix", trawler_kwargs: { query_delay_ms: -1 } },
      /must be a number from 0, in ms/,
    ],
  ])("are refused when they are wrong: %j", (options, message) => {
    expect(() => wiki({ options })).toThrow(message);
  });

  it("open and ask nothing before the first reset", async () => {
    const env = wiki({ options: { trawler_kwargs: { path: "/no/such/folder" } } });
    await expect(async () => env.reset()).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringMatching(
        /could not get a page: The folder \/no\/such\/folder cannot/,
      ) as string,
      details: { id: EASY, retryable: false },
    });
    await expect(async () => env.step("")).rejects.toMatchObject({ code: "GEM_RESET_NEEDED" });
  });
});

describe("WikiGame between pages that a reset names", () => {
  const [start = "", target = ""] = [...pages.keys()];

  it("begins at the first and draws nothing", async () => {
    const env = wiki();
    await env.reset(5);
    const drawn = (await env.getState())["random"];
    const [observation] = await env.reset(undefined, { start, target });
    expect(observation).toContain(target);
    expect((await env.getState())["random"]).toEqual(drawn);
    expect(env.getAttribute("current_page")).toEqual(pages.get(start));
    expect(env.getAttribute("target_page")).toEqual(pages.get(target));
    expect(history(env)).toEqual([start]);
  });

  it.each([{ start }, { target }, { start, target: start }, { start, target: 3 }])(
    "refuses %o and changes nothing",
    async (options) => {
      const env = wiki();
      await env.reset(5);
      const before = await env.getState();
      await expect(async () => env.reset(undefined, options)).rejects.toThrow("two pages");
      expect((await env.getState())["state"]).toEqual(before["state"]);
    },
  );
});
