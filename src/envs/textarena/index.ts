import { z } from "zod";
import { defineFamily, type Family } from "../../core/family.ts";
import type { OptionShape } from "../../core/options.ts";
import { Prompts } from "../../core/prompts.ts";
import { GAMES, type Game } from "./games.data.ts";
import { TextArenaEnv, type TextArenaPrompts } from "./textarena-env.ts";

/** Games whose boards, or word lists, take TextArena up to a minute to make. */
const SLOW: ReadonlySet<string> = new Set(["Sokoban", "Sudoku", "Wordle"]);
const SLOW_DEADLINE_MS = 300_000;

const PROMPTS = Prompts.define<TextArenaPrompts>({
  how_to_answer:
    "Give your move in \\boxed{{}}, in the form that the rules above ask for. If there are several, the last one counts.",
  ending: "The game is over. {reason}",
});

const SEATS: OptionShape = {
  player_id: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .describe("0 or 1, the player's seat"),
  opponent: z
    .union([z.literal("random"), z.array(z.string()).min(1)])
    .default("random")
    .describe('"random", or a list of replies that are given in turn and over again'),
};

function familyOf([name, game]: readonly [string, Game]): Family {
  const [first = ""] = game.ids;
  const own: OptionShape = Object.fromEntries(
    game.options.map((option) => [option, z.unknown().describe("what TextArena takes")]),
  );
  const shape: OptionShape = {
    ...own,
    ...(game.players === 2 ? SEATS : {}),
    env_id: z
      .enum(game.ids)
      .default(first)
      .describe(`one of ${game.ids.join(", ")}`),
  };
  return defineFamily({
    className: `TextArena${name}Env`,
    options: shape,
    prompts: PROMPTS,
    variants: Object.fromEntries(game.ids.map((id) => [`ta:${id}`, { env_id: id }])),
    create: (init) => {
      const { env_id, player_id, opponent, ...rest } = init.options;
      const seats: object = game.players === 2 ? { player_id, opponent } : {};
      const given = Object.entries(rest).filter(([, value]) => value !== undefined);
      const options = { env_id: String(env_id), ...seats, game: Object.fromEntries(given) };
      return new TextArenaEnv({ ...init, options }, SLOW.has(name) ? SLOW_DEADLINE_MS : undefined);
    },
  });
}

// Differs from upstream D60: upstream has no environments of TextArena.
/** Every game of TextArena that one player can play: `ta:<id>`. */
export const textarena: readonly Family[] = Object.entries(GAMES).map(familyOf);
