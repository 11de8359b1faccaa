import type { Dice } from "../dice.ts";
import { SEEDS } from "../seeds.ts";
import { box, type GameCases, type PlainState } from "./game-cases.ts";

/** Wordle. */
export const wordle: GameCases = {
  game: "Wordle",
  cases: [
    ["game:Wordle-v0-hard", {}, SEEDS],
    ["game:Wordle-v0-easy", {}, SEEDS],
    ["game:Wordle-v0-random", {}, SEEDS],
    ["game:Wordle-v0-hard", { dictionary: "nltk" }, SEEDS],
    ["game:Wordle-v0-random", { word_length: 7, dictionary: "nltk" }, SEEDS],
    ["game:Wordle-v0-easy", { word_length: 11, max_turns: 70, only_real_words: false }, SEEDS],
    ["game:Wordle-v0-easy", { word_length: 1, max_turns: 3 }, SEEDS],
  ],
  mixed(state, dice) {
    const secret = String(state["secret_word"]);
    const kind = dice.below(12);
    if (kind === 0) return `so \\boxed{${secret.toLowerCase()}} it is`;
    if (kind === 1) return box(`${secret}${"e".repeat(1 + dice.below(5000))}`);
    if (kind === 2) return box(Array.from(secret).reverse().join(" "));
    if (kind === 3) return box(`${secret.slice(0, -2)}\t${secret.slice(-1)}`);
    if (kind === 4) return `${box(secret)} or \\boxed{ a} \\boxed{b } \\BOXED{cat} \\boxed{c4t}`;
    if (kind === 5) return box(Array.from(secret).join("\u001c \u3000"));
    if (kind < 9) return box(anyLetters(secret, dice));
    const word = dice.pick(state["available_words"] as string[]);
    return `first ${box(secret)}, then ${box(dice.below(2) === 0 ? word : word.toUpperCase())}.`;
  },
  winning: (state, dice) => solve(state, dice),
  meets: ["some", "some terminated", "all terminated", "nothing terminated truncated"],
};

/** A guess of the right length, most of it from the word's own letters. */
function anyLetters(secret: string, dice: Dice): string {
  return Array.from(secret, () => dice.pick([...Array.from(secret), "A", "e"])).join("");
}

/** Two words of the dictionary, then the secret one. */
function solve(state: PlainState, dice: Dice): string | undefined {
  const turn = Number(state["turn_count"]);
  if (turn < 2) return box(dice.pick(state["available_words"] as string[]));
  return turn === 2 ? box(String(state["secret_word"])) : undefined;
}
