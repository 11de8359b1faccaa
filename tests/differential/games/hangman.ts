import type { Dice } from "../dice.ts";
import { SEEDS, SLOW_SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** Hangman. */
export const hangman: GameCases = {
  game: "Hangman",
  cases: [
    ["game:Hangman-v0-random", {}, SEEDS],
    ["game:Hangman-v0-easy", {}, SEEDS],
    ["game:Hangman-v0-hard", {}, SEEDS],
    ["game:Hangman-v0-hard", { dictionary: "nltk" }, SEEDS],
    ["game:Hangman-v0-random", { max_turns: 9, dictionary: "nltk" }, SEEDS],
    ["game:Hangman-v0-easy", { word_length: 11, max_turns: 70 }, SEEDS],
    ["game:Hangman-v0-easy", { word_length: 1, max_turns: 5 }, SEEDS],
    ["game:Hangman-v0-hard", { hardcore: true, word_length: 18, dictionary: "nltk" }, SLOW_SEEDS],
    ["game:Hangman-v0-random", { hardcore: true, dictionary: "nltk" }, SLOW_SEEDS],
  ],
  mixed(state, dice) {
    const secret = String(state["secret_word"]);
    const kind = dice.below(12);
    if (kind === 0) return `so \\boxed{${secret.toLowerCase()}} it is`;
    if (kind === 1) return box(`${secret}${"e".repeat(1 + dice.below(5000))}`);
    if (kind === 2) return box(Array.from(secret).reverse().join(""));
    if (kind === 3) return `${box(secret)} or \\boxed{ a} \\boxed{b } \\boxed{c4t} \\boxed{a b}`;
    if (kind === 4) return `\\BoXeD{${secret.slice(0, 1).toLowerCase()}}`;
    if (kind < 9) return box(dice.pick(Array.from("abcdefghijklmnopqrstuvwxyzAEIOU")));
    const word = dice.pick(state["available_words"] as string[]);
    return `first ${box(secret)}, then ${box(word)}.`;
  },
  winning: (state, dice) => solve(state, dice),
  meets: ["some", "some terminated", "all terminated", "nothing terminated truncated"],
};

/** Letters of the word, all or some of them, and then the word. */
function solve(state: PlainState, dice: Dice): string | undefined {
  const hidden = (state["board"] as string[]).flatMap((cell, i) => (cell === "_" ? [i] : []));
  const secret = String(state["secret_word"]);
  if (Number(state["turn_count"]) > 15) return undefined;
  if (hidden.length === 0 || dice.below(4) === 0) return box(secret);
  return box(secret.charAt(dice.pick(hidden)));
}
