import * as polynomials from "./polynomial.ts";
import type { Polynomial } from "./polynomial.ts";
import * as surds from "./surd.ts";
import { fraction, Undecided, type Surd } from "./surd.ts";

/** A quotient of polynomials in letters; `π` counts as one. What is below is not 0. */
export interface Expression {
  readonly above: Polynomial;
  readonly below: Polynomial;
}

/** The letter that stands for the number π. */
export const PI = "π";

const ONE = polynomials.constant(fraction(1n));
const MOST_POWER = 24;

/** A number. */
export function ofNumber(value: Surd): Expression {
  return { above: polynomials.constant(value), below: ONE };
}

/** A letter. */
export function ofLetter(name: string): Expression {
  return { above: polynomials.letter(name), below: ONE };
}

/** The sum of two. */
export function sum(a: Expression, b: Expression): Expression {
  const above = polynomials.plus(
    polynomials.times(a.above, b.below),
    polynomials.times(b.above, a.below),
  );
  return simplest(above, polynomials.times(a.below, b.below));
}

/** The product of two. */
export function product(a: Expression, b: Expression): Expression {
  return simplest(polynomials.times(a.above, b.above), polynomials.times(a.below, b.below));
}

/** The same with the other sign. */
export function opposite(a: Expression): Expression {
  return product(ofNumber(fraction(-1n)), a);
}

/** One divided by the other. @throws Undecided when that is 0 */
export function ratio(a: Expression, b: Expression): Expression {
  return simplest(polynomials.times(a.above, b.below), polynomials.times(a.below, b.above));
}

/** A power with a small whole exponent. @throws Undecided for all others, and for a power of 0 that is not above 0 */
export function power(base: Expression, exponent: Expression): Expression {
  const value = numberOf(exponent);
  const whole = value === undefined ? undefined : surds.rationalOf(value);
  if (whole?.below !== 1n) throw new Undecided();
  const count = Number(whole.above);
  if (Math.abs(count) > MOST_POWER || (count <= 0 && base.above.size === 0)) throw new Undecided();
  let result = ofNumber(fraction(1n));
  for (let i = 0; i < Math.abs(count); i++) result = product(result, base);
  return count < 0 ? ratio(ofNumber(fraction(1n)), result) : result;
}

/** The square root of a fraction. @throws Undecided for all else */
export function root(a: Expression): Expression {
  const value = numberOf(a);
  if (value === undefined) throw new Undecided();
  return ofNumber(surds.squareRoot(value));
}

/** Whether two are the same for all values of their letters. */
export function areSame(a: Expression, b: Expression): boolean {
  return sum(a, opposite(b)).above.size === 0;
}

/** The exact number that an expression without letters is. */
export function numberOf({ above, below }: Expression): Surd | undefined {
  const [one, other] = [polynomials.constantOf(above), polynomials.constantOf(below)];
  return one === undefined || other === undefined
    ? undefined
    : surds.times(one, surds.inverse(other));
}

/** About how large an expression without letters is, π aside; undefined for others. */
export function sizeOf({ above, below }: Expression): number | undefined {
  const [one, other] = [sizeOfPolynomial(above), sizeOfPolynomial(below)];
  return one === undefined || other === undefined ? undefined : one / other;
}

/** Whether a letter occurs. */
export function hasLetter({ above, below }: Expression, name: string): boolean {
  return [...above.keys(), ...below.keys()].some((monomial) => monomial.includes(name));
}

function sizeOfPolynomial(polynomial: Polynomial): number | undefined {
  let size = 0;
  for (const [monomial, factor] of polynomial) {
    const match = /^(?:π(\d+))?$/.exec(monomial);
    if (match === null) return undefined;
    size += surds.approximation(factor) * Math.PI ** Number(match[1] ?? 0);
  }
  return size;
}

function simplest(above: Polynomial, below: Polynomial): Expression {
  if (below.size === 0) throw new Undecided();
  const divisor = polynomials.constantOf(below);
  if (divisor === undefined) return { above, below };
  const factor = polynomials.constant(surds.inverse(divisor));
  return { above: polynomials.times(above, factor), below: ONE };
}
