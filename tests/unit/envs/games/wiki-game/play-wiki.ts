/** Playing WikiGame in tests. */
import type { Env } from "../../../../../src/core/env.ts";
import type { WikiPage } from "../../../../../src/envs/games/wiki-game/page.ts";

/** The id that the tests play. */
export const EASY = "game:WikiGame-v0-easy";

/** The reply that goes back. */
export const BACK = "\\boxed{<PREV_PAGE>}";

/** Reward, flags, page and turns after each of the replies. */
export async function playAll(env: Env, replies: readonly string[]): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const reply of replies) {
    const [, reward, terminated, truncated] = await env.step(reply);
    rows.push([reward, terminated, truncated, current(env), env.getAttribute("turn_count")]);
  }
  return rows;
}

const current = (env: Env): string => (env.getAttribute("current_page") as WikiPage).title;
