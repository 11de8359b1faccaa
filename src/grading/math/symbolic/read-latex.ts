import * as expressions from "./expression.ts";
import type { Expression } from "./expression.ts";
import { fraction, rationalOf, Undecided } from "./surd.ts";

const MOST_DEPTH = 40;
const FACTOR_STARTS = /[0-9a-z({\\]/;
const OPERATORS = /\\(?:cdot|times|div|right|cup|infty|pm|in|le|ge|%|\}|text)(?![a-z])/y;

/** A factor of a product without a sign between: what decides how it goes with its neighbours. */
interface Factor {
  readonly kind: "digits" | "fraction of digits" | "letter" | "group" | "other";
  readonly value: Expression;
}

/**
 * What Math-Verify reads in an expression of whole numbers, fractions, square roots, π, letters, and powers, where `1/2x` is one
 * divided by `2x`.
 *
 * @throws Undecided for everything that it may read in another way
 */
export function readLatex(latex: string): Expression {
  const reader = new Reader(latex);
  const expression = reader.sum(0);
  if (!reader.isAtEnd()) throw new Undecided();
  return expression;
}

/** Reads from the left. */
class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipBlanks();
  }

  isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }

  sum(depth: number): Expression {
    if (depth > MOST_DEPTH) throw new Undecided();
    let result = this.#product(depth, true);
    for (;;) {
      if (this.#takes(/\+/y)) result = expressions.sum(result, this.#product(depth, false));
      else if (this.#takes(/-/y)) {
        result = expressions.sum(result, expressions.opposite(this.#product(depth, false)));
      } else return result;
    }
  }

  #product(depth: number, isFirst: boolean): Expression {
    const isNegative = isFirst && this.#takes(/-/y);
    let result = this.#factors(depth);
    for (;;) {
      if (this.#takes(/\*|\\cdot(?![a-z])|\\times(?![a-z])/y)) {
        result = expressions.product(result, this.#factors(depth));
      } else if (this.#takes(/\/|\\div(?![a-z])/y)) {
        result = expressions.ratio(result, this.#factors(depth));
      } else return isNegative ? expressions.opposite(result) : result;
    }
  }

  /** Factors side by side. A whole number before a fraction is a mixed number. */
  #factors(depth: number): Expression {
    const factors = [this.#power(depth)];
    while (this.#isAtFactor()) factors.push(this.#power(depth));
    const [first, second] = factors;
    if (first?.kind === "digits" && second?.kind === "fraction of digits") {
      if (factors.length > 2) throw new Undecided();
      return expressions.sum(first.value, second.value);
    }
    for (const [i, { kind, value }] of factors.entries()) {
      const before = factors[i - 1];
      if (before === undefined) continue;
      const areNumbers = isRational(before.value) && isRational(value);
      // A letter before brackets with a single thing in them is a function.
      const isCall = before.kind === "letter" && kind === "group";
      if (areNumbers || isCall || kind === "digits") throw new Undecided();
    }
    return factors.map(({ value }) => value).reduce(expressions.product);
  }

  #power(depth: number): Factor {
    const base = this.#atom(depth);
    if (!this.#takes(/\^/y)) return base;
    const digits = this.#match(/[1-9]\d?(?!\d)/y);
    const exponent = digits === undefined ? this.#braces(depth) : numberOf(digits);
    if (this.#next() === "^") throw new Undecided();
    return { kind: "other", value: expressions.power(base.value, exponent) };
  }

  #atom(depth: number): Factor {
    const digits = this.#match(/(?:0|[1-9]\d{0,14})(?![\d.,])/y);
    if (digits !== undefined) return { kind: "digits", value: numberOf(digits) };
    const name = this.#match(/[abchkmnp-z]/y);
    if (name !== undefined) return { kind: "letter", value: expressions.ofLetter(name) };
    if (this.#takes(/(?:\\left *)?\(/y)) return this.#group(depth);
    if (this.#takes(/\\pi(?![a-z])/y)) {
      return { kind: "other", value: expressions.ofLetter(expressions.PI) };
    }
    if (this.#takes(/\\[dt]?frac(?![a-z])/y)) return this.#fraction(depth);
    if (this.#takes(/\\sqrt(?![a-z])/y)) {
      const digit = this.#match(/\d/y);
      const inside = digit === undefined ? this.#braces(depth) : numberOf(digit);
      return { kind: "other", value: expressions.root(inside) };
    }
    throw new Undecided();
  }

  /** Brackets; with a sum in them they are never what a function is applied to. */
  #group(depth: number): Factor {
    const start = this.#position;
    const value = this.sum(depth + 1);
    const isSum = /.[+-]/.test(this.#text.slice(start, this.#position));
    if (!this.#takes(/(?:\\right *)?\)/y)) throw new Undecided();
    return { kind: isSum ? "other" : "group", value };
  }

  #fraction(depth: number): Factor {
    const pair = this.#match(/[1-9][1-9]/y);
    if (pair !== undefined) {
      const value = expressions.ratio(numberOf(pair.charAt(0)), numberOf(pair.charAt(1)));
      return { kind: "fraction of digits", value };
    }
    const start = this.#position;
    const value = expressions.ratio(this.#braces(depth), this.#braces(depth));
    const isPlain = /^\{ *\d+ *\} *\{ *\d+ *\} *$/.test(this.#text.slice(start, this.#position));
    return { kind: isPlain ? "fraction of digits" : "other", value };
  }

  #braces(depth: number): Expression {
    if (!this.#takes(/\{/y)) throw new Undecided();
    const value = this.sum(depth + 1);
    if (!this.#takes(/\}/y)) throw new Undecided();
    return value;
  }

  #isAtFactor(): boolean {
    const next = this.#next();
    if (next === "" || next === "{" || !FACTOR_STARTS.test(next)) return false;
    OPERATORS.lastIndex = this.#position;
    return !OPERATORS.test(this.#text);
  }

  #takes(pattern: RegExp): boolean {
    return this.#match(pattern) !== undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#position += found.length;
    this.#skipBlanks();
    return found;
  }

  #skipBlanks(): void {
    while (this.#next() === " ") this.#position += 1;
  }

  #next(): string {
    return this.#text.charAt(this.#position);
  }
}

function numberOf(digits: string): Expression {
  return expressions.ofNumber(fraction(BigInt(digits)));
}

function isRational(value: Expression): boolean {
  const number = expressions.numberOf(value);
  return number !== undefined && rationalOf(number) !== undefined;
}
