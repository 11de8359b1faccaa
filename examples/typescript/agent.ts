/**
 * Plays episodes with a language model behind any OpenAI-compatible endpoint, and prints what they earned:
 *
 *     OPENAI_BASE_URL=http://localhost:8000/v1 OPENAI_API_KEY=none npx tsx examples/typescript/agent.ts \
 *       --model my-model --env game:GuessTheNumber-v0-easy --episodes 8 --wrappers concat
 */
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { make, wrap, type Env } from "../../src/index.ts";
import { askModel, type Endpoint, type Message } from "./openai.ts";

/** What to play, and how. */
export interface Plan {
  readonly env: string;
  readonly episodes: number;
  /** Wrappers by name, the first innermost. */
  readonly wrappers: readonly string[];
  /** Episode `i` starts from seed `seed + i`. */
  readonly seed: number;
  /** Replies after which an episode is given up. */
  readonly maxTurns: number;
  /** How many episodes are played at the same time. */
  readonly concurrency: number;
}

/** What came of one episode. */
export interface Episode {
  readonly seed: number;
  readonly turns: number;
  readonly return: number;
  /** Whether its last reward was 1, which all environments give for a solved task. */
  readonly solved: boolean;
  readonly end: "terminated" | "truncated" | "gave up";
}

/** Plays all episodes of a plan; they come in the order of their seeds. */
export async function playAll(plan: Plan, endpoint: Endpoint): Promise<Episode[]> {
  const episodes: Episode[] = [];
  const seeds = Array.from({ length: plan.episodes }, (_, index) => plan.seed + index);
  const playOne = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      episodes.push(await playEpisode(plan, seed, endpoint));
    }
  };
  await Promise.all(Array.from({ length: plan.concurrency }, playOne));
  return episodes.sort((a, b) => a.seed - b.seed);
}

/** Plays one episode: the model sees the conversation so far, its reply goes to the environment as it is. */
async function playEpisode(plan: Plan, seed: number, endpoint: Endpoint): Promise<Episode> {
  const env = plan.wrappers.reduce<Env>((inner, name) => wrap(inner, name), make(plan.env));
  try {
    const [first] = await env.reset(seed);
    // A wrapper that tells the episode so far makes each observation a whole prompt of its own.
    const tellsAll = plan.wrappers.some((name) => name.startsWith("concat"));
    let messages: Message[] = [{ role: "user", content: textOf(first) }];
    let total = 0;
    for (let turn = 1; turn <= plan.maxTurns; turn++) {
      const reply = await askModel(endpoint, messages);
      const [observation, reward, terminated, truncated] = await env.step(reply);
      total += reward;
      if (terminated || truncated) {
        const end = terminated ? "terminated" : "truncated";
        return { seed, turns: turn, return: total, solved: reward === 1, end };
      }
      const next: Message = { role: "user", content: textOf(observation) };
      messages = tellsAll ? [next] : [...messages, { role: "assistant", content: reply }, next];
    }
    return { seed, turns: plan.maxTurns, return: total, solved: false, end: "gave up" };
  } finally {
    await env.close();
  }
}

/** What the model is shown of an observation; only environments of one's own give other things than text. */
function textOf(observation: unknown): string {
  return typeof observation === "string" ? observation : JSON.stringify(observation);
}

/** The episodes as a table, and their means. */
export function table(episodes: readonly Episode[]): string {
  const rows = episodes.map(({ seed, turns, return: total, solved, end }) => [
    String(seed),
    String(turns),
    total.toFixed(2),
    solved ? "yes" : "no",
    end,
  ]);
  const lines = [["seed", "turns", "return", "solved", "end"], ...rows].map((cells) =>
    cells
      .map((cell) => cell.padEnd(8))
      .join(" ")
      .trimEnd(),
  );
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanReturn = mean(episodes.map((episode) => episode.return)).toFixed(3);
  const solved = mean(episodes.map((episode) => Number(episode.solved)));
  lines.push(`mean return ${meanReturn}, solved ${(100 * solved).toFixed(0)} %`);
  return lines.join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: "string" },
      env: { type: "string", default: "game:GuessTheNumber-v0-easy" },
      episodes: { type: "string", default: "8" },
      wrappers: { type: "string", default: "" },
      seed: { type: "string", default: "0" },
      turns: { type: "string", default: "32" },
      concurrency: { type: "string", default: "4" },
    },
  });
  const endpoint: Endpoint = {
    baseUrl: process.env["OPENAI_BASE_URL"] ?? "http://localhost:8000/v1",
    apiKey: process.env["OPENAI_API_KEY"] ?? "none",
    model: values.model ?? process.env["OPENAI_MODEL"] ?? "default",
  };
  const plan: Plan = {
    env: values.env,
    episodes: Number(values.episodes),
    wrappers: values.wrappers.split(",").filter((name) => name !== ""),
    seed: Number(values.seed),
    maxTurns: Number(values.turns),
    concurrency: Number(values.concurrency),
  };
  console.log(table(await playAll(plan, endpoint)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
