import type { Pair } from "./math-oracle.ts";
import { Choices } from "./random.ts";

const tex = String.raw;

/** Numbers near others, where rounding to six places decides. */
const NEAR: readonly string[] = [
  ...[
    "0.5",
    "0.25",
    "0.333333",
    "0.33333",
    "0.3333333",
    "0.166667",
    "0.142857",
    "0.1428571",
    "2.50",
  ],
  ...[
    "1000.0",
    "1.000000",
    "0.000001",
    "0.0000001",
    "0.000000",
    "0.0000005",
    "17.000",
    "999999.999999",
  ],
  ...["12345678901", "1234567890.5", "99999999999999999999", "99999999999999999998"],
  ...["0.1234565", "0.1234564", "0.1234575"],
];

const WRITERS: readonly ((choices: Choices, a: number, b: number) => string)[] = [
  (_, a) => String(a),
  (choices, a) => `${String(a)}.${String(choices.integer(0, 99))}`,
  (_, a, b) => tex`\frac{${a}}{${b}}`,
  (choices, a, b) => tex`\dfrac{${choices.of(["", "-"])}${a}}{${choices.of(["", "-"])}${b}}`,
  (_, a, b) => `${String(a)}/${String(b)}`,
  (_, a, b) => tex`\frac${(a % 9) + 1}${(b % 9) + 1}`,
  (choices, a) => `${String(a + 1)},${choices.of(["000", "500", "025"])}`,
  (choices) => choices.of(NEAR),
  (_, a, b) => `${String(a)} / ${String(b)}`,
];

/** Another spelling of a number, or a number beside it. */
function varied(text: string, choices: Choices): string {
  return choices.of([
    text.replace("\\frac", "\\dfrac"),
    `${text}0`,
    `${text}.0`,
    ` ${text} `,
    `-${text}`,
    text,
  ]);
}

/** Pairs of numbers as models write them. */
export function numberPairs(count: number, seed: number): Pair[] {
  const choices = new Choices(seed);
  const number = (): string => {
    const written = choices.of(WRITERS)(choices, choices.integer(0, 30), choices.integer(0, 12));
    return choices.isTrue(0.2) ? `-${written}` : written;
  };
  return Array.from({ length: count }, () => {
    const gold = number();
    return [choices.isTrue(0.4) ? varied(gold, choices) : number(), gold];
  });
}
