import { compareText } from "./compare-text.ts";
import { areEqual } from "./exact-number.ts";
import { plainText } from "./plain-text.ts";
import { readNumber } from "./read-number.ts";
import { stringForm } from "./string-form.ts";
import { comparePlain } from "./symbolic/compare-plain.ts";
import { compareRead, compareReadStrictly } from "./symbolic/compare-read.ts";
import { right, wrong, type Verdict } from "./verdict.ts";

/** UTF-16 units from which on an answer is for a host, whose deadline ends what takes long. */
const LONG = 4096;
/** UTF-16 units that no answer to a question of mathematics has. */
const IMMENSE = 65_536;

// Upstream quirk Q70: one stage is enough, so what any of them takes for equal by mistake is right.
/**
 * What can be said about an answer at once, as upstream's three stages decide together: right where one of them finds it equal, wrong
 * where none does.
 *
 * @returns undefined where the libraries have to be asked
 */
export function decide(answer: string, gold: string): Verdict | undefined {
  if (answer === gold) return right("exact", "string");
  if (isLong(answer, gold)) return undefined;
  if (stringForm(answer) === stringForm(gold)) return right("exact", "string");
  const text = compareTexts(answer, gold);
  if (text?.correct === true) return text;
  const isSameValue = compareNumbers(answer, gold) ?? compareRead(answer, gold);
  if (isSameValue === true) return right("symbolic", "verified");
  return text !== undefined && isSameValue === false ? wrong("symbolic") : undefined;
}

/** As `decide`, by the first two stages alone, those without Math-Verify. */
export function decideFast(answer: string, gold: string): Verdict | undefined {
  if (answer === gold) return right("exact", "string");
  if (isLong(answer, gold)) return undefined;
  if (stringForm(answer) === stringForm(gold)) return right("exact", "string");
  return compareTexts(answer, gold);
}

/** What can be said at once where a false verdict of upstream's is no reason: identical texts are equal, and numbers and expressions are compared. */
export function decideStrictly(answer: string, gold: string): Verdict | undefined {
  if (answer === gold) return right("exact", "string");
  if (isLong(answer, gold)) return undefined;
  const [a, b] = [readNumber(answer), readNumber(gold)];
  const areNumbers = a !== undefined && b !== undefined;
  if (areNumbers && a.isFloat && b.isFloat) return undefined;
  const isSame = areNumbers ? areEqual(a, b) : compareReadStrictly(answer, gold);
  if (isSame === undefined) return undefined;
  return isSame ? right("symbolic", "value") : wrong("symbolic");
}

/** Whether one of two texts is only for a host. */
export function isLong(answer: string, gold: string): boolean {
  return answer.length > LONG || gold.length > LONG;
}

/** Whether an answer is so long that it cannot mean the gold: 64 times as long, and of at least 65,536 UTF-16 units. */
export function isOutOfProportion(answer: string, gold: string): boolean {
  return answer.length >= IMMENSE && answer.length > gold.length * 64;
}

function compareTexts(answer: string, gold: string): Verdict | undefined {
  const goldText = plainText(gold);
  const answerText = goldText === undefined ? undefined : plainText(answer);
  if (goldText === undefined || answerText === undefined) return undefined;
  const isSame = compareText(goldText, answerText, () => undefined);
  if (isSame !== undefined) return isSame ? right("exact", "value") : wrong("exact");
  const hasSameValue = compareText(goldText, answerText, comparePlain);
  if (hasSameValue === undefined) return undefined;
  return hasSameValue ? right("symbolic", "value") : wrong("symbolic");
}

function compareNumbers(answer: string, gold: string): boolean | undefined {
  const a = readNumber(gold);
  const b = a === undefined ? undefined : readNumber(answer);
  return a === undefined || b === undefined ? undefined : areEqual(a, b);
}
