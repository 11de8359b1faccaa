import { fraction, plus as plusSurd, times as timesSurd, Undecided, type Surd } from "./surd.ts";

/** A product of letters to powers, as `a2x1`; the empty text is 1. */
type Monomial = string;

/** A polynomial: the factor of each monomial, none of them 0. */
export type Polynomial = ReadonlyMap<Monomial, Surd>;

const MOST_TERMS = 60;

/** A polynomial without letters. */
export function constant(value: Surd): Polynomial {
  return value.size === 0 ? new Map() : new Map([["", value]]);
}

/** A letter alone. */
export function letter(name: string): Polynomial {
  return new Map([[`${name}1`, fraction(1n)]]);
}

/** The sum of two. */
export function plus(a: Polynomial, b: Polynomial): Polynomial {
  const sum = new Map(a);
  for (const [monomial, factor] of b) {
    const other = sum.get(monomial);
    const value = other === undefined ? factor : plusSurd(other, factor);
    if (value.size === 0) sum.delete(monomial);
    else sum.set(monomial, value);
  }
  if (sum.size > MOST_TERMS) throw new Undecided();
  return sum;
}

/** The product of two, expanded. */
export function times(a: Polynomial, b: Polynomial): Polynomial {
  let product: Polynomial = new Map();
  for (const [m, one] of a) {
    const part = new Map<Monomial, Surd>();
    for (const [n, other] of b) part.set(joined(m, n), timesSurd(one, other));
    product = plus(product, part);
  }
  return product;
}

/** The number that a polynomial without letters is; else undefined. */
export function constantOf(polynomial: Polynomial): Surd | undefined {
  if (polynomial.size === 0) return new Map();
  return polynomial.size === 1 ? polynomial.get("") : undefined;
}

function joined(a: Monomial, b: Monomial): Monomial {
  if (a === "" || b === "") return a + b;
  const powers = new Map<string, number>();
  for (const [, name = "", power = ""] of (a + b).matchAll(/(\D)(\d+)/g)) {
    powers.set(name, (powers.get(name) ?? 0) + Number(power));
  }
  const names = [...powers.keys()].sort();
  return names.map((name) => `${name}${String(powers.get(name))}`).join("");
}
