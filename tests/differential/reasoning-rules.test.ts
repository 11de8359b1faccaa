/** Answers that are judged without the library against the reference implementation, thousands for each rule. */
import { describe, expect, it } from "vitest";
import { make } from "../../src/make.ts";
import { withReasoningOracle, type Move } from "./reasoning-oracle.ts";

const WATCHDOG_MS = 120_000;
const ITEMS = 2;
/** How many of the answers below Node may leave to the library, as a share: those with what only Python knows. */
const MAX_ASKED = 0.35;

const half = (text: string): number => Math.floor(text.length / 2);
const inside = (text: string, inserted: string): string =>
  text.slice(0, half(text)) + inserted + text.slice(half(text));
const digits = (text: string, zero: number): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

/** What is done to an item's own answer, once or twice. */
const CHANGES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => ` ${text}`,
  (text) => `${text}\n`,
  (text) => `\x1c${text}\t`,
  (text) => `\u00a0${text}\u2028`,
  (text) => inside(text, "\n"),
  (text) => inside(text, " "),
  (text) => inside(text, ","),
  (text) => inside(text, "_"),
  (text) => inside(text, "."),
  (text) => `+${text}`,
  (text) => `-${text}`,
  (text) => `00${text}`,
  (text) => `${text}.000`,
  (text) => `${text}.`,
  (text) => `${text}e0`,
  (text) => `${text}0E-1`,
  (text) => `${text}e+5`,
  (text) => `${text}e999999999999999999999`,
  (text) => digits(text, 0x660),
  (text) => digits(text, 0xff10),
  (text) => `the answer is ${text}`,
  (text) => text + text,
  (text) => text.slice(1),
  (text) => text.slice(0, -1),
  (text) => `😀${text}`,
  (text) => text.replace("s", "ſ").replace("i", "İ"),
  (text) => `${text}\0`,
  (text) => Array.from(text).reverse().join(""),
];

/** Answers that have nothing to do with the item's. */
const OTHERS = [
  "",
  " ",
  "0",
  "-0",
  "0e9",
  "nan",
  "sNaN12",
  "-inf",
  "Infinity",
  ".",
  "e5",
  "+",
  ",",
];

function answersTo(own: string): readonly string[] {
  const once = CHANGES.map((change) => change(own));
  return [...OTHERS, ...once.flatMap((text) => CHANGES.map((change) => change(text)))];
}

const oracle = withReasoningOracle();

describe.each([
  "leg_counting",
  "ab",
  "self_reference",
  "chain_sum",
  "products",
  "decimal_chain_sum",
  "circuit_logic",
  "family_relationships",
  "dice",
  "zebra_puzzles",
])("rg:%s", (name) => {
  it(
    "gives any answer what the library gives",
    async () => {
      const env = make(`rg:${name}`, { seed: 5, size: ITEMS });
      const moves: Move[] = [];
      const ours: (readonly [reply: string, reward: number])[] = [];
      let asked = 0;
      for (let i = 0; i < ITEMS; i++) {
        await env.reset();
        moves.push(["reset", null]);
        const { answer: own } = (await env.getAttribute("data")) as { answer: string };
        for (const answer of answersTo(own)) {
          const reply = `\\boxed{${answer}}`;
          const step = env.step(reply);
          if (step instanceof Promise) asked += 1;
          moves.push(["step", reply]);
          ours.push([reply, (await step)[1]]);
        }
      }
      const rows = await oracle().play({ name, size: ITEMS, seed: 5, options: {}, moves });
      const theirs = rows.flatMap((row, i) => {
        const [kind, reply] = moves[i] ?? [];
        return kind === "step" ? [[reply, (row as unknown[])[1]]] : [];
      });
      expect(ours).toEqual(theirs);
      expect(asked / ours.length).toBeLessThan(MAX_ASKED);
    },
    WATCHDOG_MS,
  );
});
