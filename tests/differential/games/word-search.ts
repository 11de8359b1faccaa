import type { Dice } from "../dice.ts";
import { SEEDS, SLOW_SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

const dictionary = "nltk";

/** Word Search; upstream's words are always those of NLTK's corpus, and Basic English is the same in both. */
export const wordSearch: GameCases = {
  game: "WordSearch",
  cases: [
    ["game:WordSearch-v0-easy", {}, SEEDS],
    ["game:WordSearch-v0-easy", { dictionary }, SEEDS],
    ["game:WordSearch-v0-hard", { dictionary }, SEEDS],
    ["game:WordSearch-v0-random", { dictionary }, SEEDS],
    ["game:WordSearch-v0-easy", { max_turns: null, dictionary }, SEEDS],
    ["game:WordSearch-v0-easy", { num_words: 1, max_turns: 3 }, SEEDS],
    ["game:WordSearch-v0-easy", { num_words: 25, max_turns: 59 }, SEEDS],
    ["game:WordSearch-v0-hard", { num_words: 100, max_turns: 200, dictionary }, SLOW_SEEDS],
  ],
  mixed(state, dice) {
    const side = (state["game_board"] as string[][]).length;
    const kind = dice.below(14);
    const [a, b, c, d] = Array.from({ length: 4 }, () => String(dice.below(side)));
    if (kind === 0) return box(`${a} ${b} ${c} ${String(side)}`);
    if (kind === 1) return box(`${String(7 * side)} ${b}\t${c} ${d}`);
    if (kind === 2) return box(`[${a} ${b} ${c} ${d}]`);
    if (kind === 3) return `${box(`${a} ${b} ${c} ${d}`)} ${box(`${a} ${b} ${c}`)} ${box(a ?? "")}`;
    if (kind === 4) return box(`${a} \x1f${b}\u3000 ${a}\n00${d}`);
    if (kind === 5) return box(`${a} ${b} ${c} ${b}`);
    if (kind === 6) return box(`${a} ${b} ${c} ${d}`);
    const ends = endsOf(state, dice.pick(Object.keys(state["placed_words"] as object)));
    return kind < 11 ? box(ends.join(" ")) : box([...ends.slice(2), ...ends.slice(0, 2)].join(" "));
  },
  winning: (state, dice) => nextWord(state, dice),
  meets: ["some", "some terminated", "all terminated", "nothing terminated truncated"],
  sampler: "unreadable",
};

/** The ends of a word that is not found yet, in either order. */
function nextWord(state: PlainState, dice: Dice): string | undefined {
  const found = new Set(state["correct_words"] as string[]);
  const left = Object.keys(state["placed_words"] as object).filter((word) => !found.has(word));
  const [word] = left;
  if (word === undefined) return undefined;
  const ends = endsOf(state, word);
  return box((dice.below(2) === 0 ? ends : [...ends.slice(2), ...ends.slice(0, 2)]).join(" "));
}

function endsOf(state: PlainState, word: string): readonly number[] {
  const placed = state["placed_words"] as Record<string, readonly [number, number, string]>;
  const [row, column, orientation] = placed[word] ?? [0, 0, "across"];
  const reach = word.length - 1;
  return orientation === "across"
    ? [row, column, row, column + reach]
    : [row, column, row + reach, column];
}
