/** A fraction in whole numbers, reduced; its denominator is above 0. */
interface Fraction {
  readonly above: bigint;
  readonly below: bigint;
}

/** A sum of fractions times square roots: the fraction for each square-free radicand, none of them 0; `1n` stands for the fraction alone. */
export type Surd = ReadonlyMap<bigint, Fraction>;

/** A value cannot be told exactly here: too large, a root of a sum, a division by 0. */
export class Undecided extends Error {}

const MOST_DIGITS = 60;
const MOST_RADICAND = 100_000_000n;
const MOST_TERMS = 16;

/** 0. */
export const NOTHING: Surd = new Map();

/** A fraction of whole numbers. @throws Undecided when the denominator is 0 */
export function fraction(above: bigint, below = 1n): Surd {
  const value = reduced(above, below);
  return value.above === 0n ? NOTHING : new Map([[1n, value]]);
}

/** The sum of two. */
export function plus(a: Surd, b: Surd): Surd {
  const sum = new Map(a);
  for (const [radicand, { above, below }] of b) {
    const other = sum.get(radicand) ?? { above: 0n, below: 1n };
    const value = reduced(other.above * below + above * other.below, other.below * below);
    if (value.above === 0n) sum.delete(radicand);
    else sum.set(radicand, value);
  }
  if (sum.size > MOST_TERMS) throw new Undecided();
  return sum;
}

/** The product of two. */
export function times(a: Surd, b: Surd): Surd {
  let product = NOTHING;
  for (const [m, one] of a) {
    for (const [n, other] of b) {
      const common = greatestDivisor(m, n);
      const value = reduced(one.above * other.above * common, one.below * other.below);
      product = plus(product, new Map([[(m / common) * (n / common), value]]));
    }
  }
  return product;
}

/** The same number with the other sign. */
export function minus(surd: Surd): Surd {
  return times(surd, fraction(-1n));
}

/** One divided by a number, freed of roots below. @throws Undecided for 0 */
export function inverse(surd: Surd): Surd {
  let above = fraction(1n);
  let below = surd;
  for (;;) {
    const prime = primeBelowRoots(below);
    if (prime === undefined) break;
    // Changing the sign of one prime's root and multiplying takes that root away.
    const conjugate = new Map(below);
    for (const [radicand, value] of below) {
      if (radicand % prime === 0n) conjugate.set(radicand, { ...value, above: -value.above });
    }
    above = times(above, conjugate);
    below = times(below, conjugate);
  }
  const value = below.get(1n);
  if (value === undefined) throw new Undecided();
  return times(above, fraction(value.below, value.above));
}

/** The square root of a fraction that is not below 0. @throws Undecided for all other numbers */
export function squareRoot(surd: Surd): Surd {
  const value = rationalOf(surd);
  if (value === undefined || value.above < 0n) throw new Undecided();
  if (value.above === 0n) return NOTHING;
  const [factor, radicand] = withoutSquares(value.above * value.below);
  return new Map([[radicand, reduced(factor, value.below)]]);
}

/** The fraction that a number is; undefined where it has a root. */
export function rationalOf(surd: Surd): Fraction | undefined {
  if (surd.size === 0) return { above: 0n, below: 1n };
  return surd.size === 1 ? surd.get(1n) : undefined;
}

/** About how large a number is. */
export function approximation(surd: Surd): number {
  let sum = 0;
  for (const [radicand, { above, below }] of surd) {
    sum += (Number(above) / Number(below)) * Math.sqrt(Number(radicand));
  }
  return sum;
}

function reduced(above: bigint, below: bigint): Fraction {
  if (below === 0n) throw new Undecided();
  const divisor = greatestDivisor(above, below) * (below < 0n ? -1n : 1n);
  const value = { above: above / divisor, below: below / divisor };
  const isLong = [value.above, value.below].some((part) => part.toString().length > MOST_DIGITS);
  if (isLong) throw new Undecided();
  return value;
}

/** The greatest number that divides both; above 0 unless both are 0. */
function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** `f` and a square-free `r` such that `f * f * r` is the number. */
function withoutSquares(number: bigint): readonly [factor: bigint, radicand: bigint] {
  if (number > MOST_RADICAND) throw new Undecided();
  let [factor, radicand] = [1, Number(number)];
  for (let divisor = 2; divisor * divisor <= radicand; divisor++) {
    while (radicand % (divisor * divisor) === 0) {
      radicand /= divisor * divisor;
      factor *= divisor;
    }
  }
  return [BigInt(factor), BigInt(radicand)];
}

function primeBelowRoots(surd: Surd): bigint | undefined {
  for (const radicand of surd.keys()) {
    if (radicand > 1n) return BigInt(leastPrime(Number(radicand)));
  }
  return undefined;
}

function leastPrime(number: number): number {
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return divisor;
  }
  return number;
}
