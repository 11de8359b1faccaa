import * as expressions from "./expression.ts";
import type { Expression } from "./expression.ts";
import { fraction, Undecided } from "./surd.ts";

// Words of these letters have a meaning in sympy, or in Python.
const WORDS =
  /^(?:as|csc|eye|ff|fft|fu|gff|if|im|in|is|jn|li|ln|mu|nan|ntt|nu|oo|or|re|rf|xi|yn|zoo)$/;
const MOST_DEPTH = 40;

/**
 * What sympy reads in a plain text with implicit multiplication, where `1/2x` is `x/2` and `ab` is a product.
 *
 * @returns undefined where only sympy can tell, decimals among it
 */
export function readPlain(text: string): Expression | undefined {
  try {
    const reader = new Reader(text);
    const expression = reader.sum(0);
    return reader.isAtEnd() ? expression : undefined;
  } catch (error) {
    if (error instanceof Undecided) return undefined;
    throw error;
  }
}

/** Reads from the left. */
class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }

  sum(depth: number): Expression {
    if (depth > MOST_DEPTH) throw new Undecided();
    let result = this.#product(depth);
    for (;;) {
      if (this.#takes("+")) result = expressions.sum(result, this.#product(depth));
      else if (this.#takes("-")) {
        result = expressions.sum(result, expressions.opposite(this.#product(depth)));
      } else return result;
    }
  }

  #product(depth: number): Expression {
    let result = this.#signed(depth);
    for (;;) {
      if (this.#takes("*")) result = expressions.product(result, this.#signed(depth));
      else if (this.#takes("/")) result = expressions.ratio(result, this.#signed(depth));
      else if (/[a-z(]/.test(this.#next())) {
        result = expressions.product(result, this.#power(depth));
      } else return result;
    }
  }

  #signed(depth: number): Expression {
    if (depth > MOST_DEPTH) throw new Undecided();
    if (this.#takes("-")) return expressions.opposite(this.#signed(depth + 1));
    return this.#takes("+") ? this.#signed(depth + 1) : this.#power(depth);
  }

  #power(depth: number): Expression {
    const [factors, base] = this.#atom(depth);
    const raised = this.#takes("^") ? expressions.power(base, this.#signed(depth + 1)) : base;
    return factors === undefined ? raised : expressions.product(factors, raised);
  }

  /** An atom, and before it the letters of a word but the last. */
  #atom(depth: number): readonly [before: Expression | undefined, atom: Expression] {
    if (this.#takes("(")) return [undefined, this.#group(depth)];
    const digits = this.#match(/(?:0|[1-9]\d{0,14})(?![\d._e])/y);
    if (digits !== undefined) {
      if (digits === "0" && /[a-z]/.test(this.#next())) throw new Undecided();
      return [undefined, expressions.ofNumber(fraction(BigInt(digits)))];
    }
    const word = this.#match(/[a-z]+(?![\d_])/y);
    if (word === undefined || /[ej]/.test(word) || WORDS.test(word)) throw new Undecided();
    if (word === "pi") return [undefined, expressions.ofLetter(expressions.PI)];
    if (word === "sqrt" && this.#takes("(")) {
      const root = expressions.root(this.#group(depth));
      if (this.#next() === "^") throw new Undecided();
      return [undefined, root];
    }
    if (word.length > 6 || word.includes("sqrt")) throw new Undecided();
    const letters = Array.from(word, expressions.ofLetter);
    const last = letters.pop();
    if (last === undefined) throw new Undecided();
    const before = letters.reduce<Expression | undefined>(
      (all, one) => (all === undefined ? one : expressions.product(all, one)),
      undefined,
    );
    return [before, last];
  }

  #group(depth: number): Expression {
    const inside = this.sum(depth + 1);
    if (!this.#takes(")")) throw new Undecided();
    return inside;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    this.#position += found?.length ?? 0;
    return found;
  }

  #takes(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#position += 1;
    return true;
  }

  #next(): string {
    return this.#text.charAt(this.#position);
  }
}
