/** The Wiki Game against recorded games of upstream (`record_wiki_game.py`): rewards, flags, pages and turns, step by step. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Env } from "../../src/core/env.ts";
import { make } from "../../src/make.ts";

type RecordedStep = [
  reply: string,
  reward: number,
  flags: string,
  turn: number,
  current: string,
  history: string,
];

interface RecordedRun {
  readonly variant: string;
  readonly turns: number;
  readonly pages: readonly [start: string, target: string];
  readonly steps: readonly RecordedStep[];
}

interface Recording {
  readonly graph: Readonly<Record<string, readonly string[]>>;
  readonly runs: readonly RecordedRun[];
}

const FIXTURE = new URL("../fixtures/wiki-game.json", import.meta.url);
const { graph, runs } = JSON.parse(readFileSync(FIXTURE, "utf8")) as Recording;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-wiki-"));
  for (const title of Object.keys(graph)) {
    writeFileSync(join(folder, `${title}.json`), JSON.stringify(pageOf(title)));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reward and flags (terminated, truncated) of steps that only some variants have: at a page without links. */
const OWN_KINDS: Readonly<Record<string, readonly string[]>> = {
  noregrets: ["0 10"],
  oneback: ["-0.1 00", "-0.1 01"],
  freenav: ["-0.1 00", "-0.1 01"],
};

describe.each(["noregrets", "oneback", "freenav", "eidetic"])("variant %s", (variant) => {
  it("is played as by upstream", async () => {
    const recorded = runs.filter((run) => run.variant === variant);
    expect(recorded.length).toBeGreaterThanOrEqual(30);
    for (const run of recorded) {
      const env = await startAt(run);
      const steps: RecordedStep[] = [];
      for (const [reply] of run.steps) steps.push(await playOne(env, reply));
      expect(steps, JSON.stringify(run.pages)).toEqual(run.steps);
    }
  });

  it("met every kind of step in its recorded games", () => {
    const steps = runs.filter((run) => run.variant === variant).flatMap((run) => run.steps);
    const kinds = new Set(steps.map(([, reward, flags]) => `${reward} ${flags.slice(0, 2)}`));
    const own = OWN_KINDS[variant] ?? [];
    const everywhere = ["1 10", "-0.05 00", "-0.2 00", "-0.2 01", "0 11"];
    expect([...kinds]).toEqual(expect.arrayContaining([...everywhere, ...own]));
  });
});

/** An environment at the start of a recorded game. */
async function startAt({ variant, turns, pages: [start, target] }: RecordedRun): Promise<Env> {
  const env = make("game:WikiGame-v0-easy", {
    variant,
    max_turns: turns,
    backend: "folder",
    trawler_kwargs: { path: folder },
  });
  await env.reset(0);
  const snapshot = await env.getState();
  const first = pageOf(start);
  const state = {
    max_turns: turns,
    start_page: first,
    target_page: pageOf(target),
    current_page: first,
    page_history: [first],
    backtracked: false,
    turn_count: 0,
    perfect_memory: new Set(variant === "eidetic" ? first.links : []),
  };
  await env.setState({ ...snapshot, state });
  return env;
}

async function playOne(env: Env, reply: string): Promise<RecordedStep> {
  const [, reward, terminated, truncated, info] = await env.step(reply);
  expect(Object.keys(info)).toEqual(["suffix"]);
  const flags = [terminated, truncated, env.getAttribute("backtracked")].map(Number).join("");
  const current = env.getAttribute("current_page") as { title: string };
  const history = env.getAttribute("page_history") as { title: string }[];
  return [
    reply,
    reward,
    flags,
    Number(env.getAttribute("turn_count")),
    current.title,
    history.map(({ title }) => title).join(" "),
  ];
}

function pageOf(title: string) {
  return { page_id: title, title, content: `Page ${title}.`, links: graph[title] ?? [] };
}
