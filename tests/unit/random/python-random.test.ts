import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Mt19937 } from "../../../src/random/mt19937.ts";
import { PythonRandom } from "../../../src/random/python-random.ts";
import { bounds, rangeSize, seedDigits } from "./arbitraries.ts";
import { complaint } from "./errors.ts";

const generators = seedDigits.map((seed) => new PythonRandom(BigInt(seed)));

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function take(random: PythonRandom, count: number): number[] {
  return Array.from({ length: count }, () => random.bits32(32));
}

describe("PythonRandom", () => {
  it("gives CPython's numbers, for seeds 0 and 42", () => {
    const run = (seed: number): unknown[] => {
      const random = new PythonRandom(seed);
      const drawn = [random.random(), [1, 2, 3, 10, 850].map((n) => random.randbelow(n))];
      const shuffled = range(8);
      random.shuffle(shuffled);
      return [...drawn, shuffled, random.sample(8, 4), random.sample(range(850), 5)].concat([
        random.choices([1, 2, 3, 4, 5, 6], 4),
      ]);
    };
    expect(run(0)).toEqual([
      0.8444218515250481,
      [0, 0, 1, 8, 497],
      [1, 0, 4, 5, 3, 2, 7, 6],
      [2, 7, 1, 0],
      [633, 818, 256, 545, 722],
      [5, 6, 2, 5],
    ]);
    expect(run(42)).toEqual([
      0.6394267984578837,
      [0, 1, 0, 3, 142],
      [3, 7, 2, 0, 4, 6, 5, 1],
      [0, 7, 6, 1],
      [238, 517, 616, 27, 574],
      [2, 4, 4, 2],
    ]);
  });

  it("goes on from a twister that it is given", () => {
    const twister = new Mt19937();
    twister.initByArray(Uint32Array.of(0));
    twister.nextUint32();
    expect(new PythonRandom(twister).bits32(32)).toBe(1654615998);
  });

  describe("seed", () => {
    it("starts the same stream from a number, a bigint and their negative", () => {
      const expected = take(new PythonRandom(12345), 5);
      for (const seed of [12345n, -12345, -12345n]) {
        expect(take(new PythonRandom(seed), 5)).toEqual(expected);
      }
      expect(take(new PythonRandom(-0), 5)).toEqual(take(new PythonRandom(0), 5));
    });

    it("forgets everything before", () => {
      const random = new PythonRandom(1);
      random.gauss();
      random.seed(2);
      expect(random.getState()).toEqual(new PythonRandom(2).getState());
    });

    it("refuses what is not an exact integer and keeps its state", () => {
      const random = new PythonRandom(1);
      const before = random.getState();
      for (const seed of [1.5, NaN, Infinity, 2 ** 53]) {
        expect(complaint(() => random.seed(seed))).toBe(
          `GEM_INVALID_SEED: A seed must be an integer, got ${seed}. Pass integers beyond 2^53 as bigint.`,
        );
      }
      expect(random.getState()).toEqual(before);
    });
  });

  describe("randbelow", () => {
    it("stays within its range", () => {
      fc.assert(
        fc.property(generators, rangeSize, (random, n) => {
          const drawn = random.randbelow(n);
          return Number.isInteger(drawn) && drawn >= 0 && drawn < n;
        }),
      );
    });

    it("draws for a range of one, too", () => {
      const random = new PythonRandom(0);
      random.randbelow(1);
      expect(random.getState().index).toBe(2);
    });

    it.each([0, -1, 1.5, NaN, 2 ** 53 + 2])("refuses %d", (n) => {
      const random = new PythonRandom(0);
      expect(complaint(() => random.randbelow(n))).toBe(
        `GEM_INVALID_ARGUMENT: n must be an integer from 1 to 2^53, got ${n}.`,
      );
    });
  });

  describe("getrandbits", () => {
    it("gives as many bits as asked for", () => {
      fc.assert(
        fc.property(generators, fc.nat(300), (random, k) => {
          const bits = random.getrandbits(k);
          return bits >= 0n && bits < 1n << BigInt(k);
        }),
      );
    });

    it("gives what bits32 gives up to 32 bits", () => {
      fc.assert(
        fc.property(generators, fc.integer({ min: 1, max: 32 }), (random, k) => {
          expect(random.copy().getrandbits(k)).toBe(BigInt(random.bits32(k)));
        }),
      );
    });

    it("draws nothing for 0 bits", () => {
      const random = new PythonRandom(0);
      expect(random.getrandbits(0)).toBe(0n);
      expect(random.getState()).toEqual(new PythonRandom(0).getState());
    });

    it("refuses a number of bits that is not a count", () => {
      const random = new PythonRandom(0);
      expect(complaint(() => random.getrandbits(-1))).toBe(
        "GEM_INVALID_ARGUMENT: k must be an integer from 0 to 2^32 - 1, got -1.",
      );
      expect(complaint(() => random.bits32(33))).toMatch(/^GEM_INVALID_ARGUMENT: k must be/);
      expect(complaint(() => random.bits32(0))).toMatch(/^GEM_INVALID_ARGUMENT: k must be/);
      expect(complaint(() => random.bits32(2.5))).toMatch(/^GEM_INVALID_ARGUMENT: k must be/);
    });
  });

  describe("randint and randrange", () => {
    it("stay within their bounds", () => {
      fc.assert(
        fc.property(generators, bounds, fc.integer({ min: 1, max: 99 }), (random, ends, step) => {
          const [low, high] = ends;
          const inside = random.randint(low, high - 1);
          expect(inside).toBeGreaterThanOrEqual(low);
          expect(inside).toBeLessThan(high);
          const down = random.randrange(high, low, -step);
          expect((high - down) % step).toBe(0);
          expect(down).toBeGreaterThan(low);
          expect(down).toBeLessThanOrEqual(high);
        }),
      );
    });

    it("reach every number of a small range", () => {
      const random = new PythonRandom(3);
      const seen = new Set(range(300).map(() => random.randrange(-4, 9, 3)));
      expect([...seen].sort((a, b) => a - b)).toEqual([-4, -1, 2, 5, 8]);
    });

    it("refuse an empty range, one that is too large, a step of 0 and fractions", () => {
      const random = new PythonRandom(0);
      expect(complaint(() => random.randint(2, 1))).toBe(
        "GEM_INVALID_ARGUMENT: The range of randint(2, 1) is empty.",
      );
      expect(complaint(() => random.randrange(0))).toMatch(/randrange\(0, 0, 1\) is empty/);
      expect(complaint(() => random.randrange(1, 5, -1))).toMatch(/is empty/);
      expect(complaint(() => random.randint(-1, 2 ** 53 - 1))).toBe(
        "GEM_INVALID_ARGUMENT: The bounds of randint(-1, 9007199254740991) must be at most 2^53 apart.",
      );
      expect(complaint(() => random.randrange(2 ** 53, -1, -1))).toMatch(/at most 2\^53 apart/);
      expect(complaint(() => random.randint(0, 2 ** 53))).toMatch(/b must be an integer within/);
      expect(complaint(() => random.randrange(1, 2, 0))).toMatch(/step must not be 0/);
      expect(complaint(() => random.randrange(0.5))).toMatch(/stop must be an integer/);
      expect(complaint(() => random.randint(0, NaN))).toMatch(/b must be an integer/);
      expect(random.getState()).toEqual(new PythonRandom(0).getState());
    });
  });

  describe("choice and choices", () => {
    it("pick items of arrays, typed arrays and strings", () => {
      const random = new PythonRandom(1);
      expect(["x", "y"]).toContain(random.choice(["x", "y"]));
      expect([5, 6]).toContain(random.choice(Uint8Array.of(5, 6)));
      expect("ab").toContain(random.choice("ab"));
    });

    it("never pick an item of weight 0", () => {
      fc.assert(
        fc.property(generators, (random) => {
          const picked = random.choices(["a", "b", "c", "d"], 50, { weights: [0, 1, 0, 2] });
          expect(picked.every((item) => item === "b" || item === "d")).toBe(true);
        }),
      );
    });

    it("give one item unless told how many, and none of nothing", () => {
      const random = new PythonRandom(1);
      expect(random.choices([7])).toEqual([7]);
      expect(random.choices([], 0)).toEqual([]);
    });

    it("refuse an empty sequence and weights that do not fit", () => {
      const random = new PythonRandom(0);
      expect(complaint(() => random.choice([]))).toBe(
        "GEM_INVALID_ARGUMENT: choice() needs at least one item.",
      );
      expect(complaint(() => random.choices([], 1))).toMatch(/choices\(\) needs at least one item/);
      expect(complaint(() => random.choices([1], -1))).toMatch(/k must be an integer/);
      expect(complaint(() => random.choices([1, 2], 1, { weights: [1] }))).toMatch(
        /one weight per item: got 1 for 2 items/,
      );
      expect(complaint(() => random.choices([1], 1, { weights: [1], cumWeights: [1] }))).toMatch(
        /weights or cumWeights, not both/,
      );
      for (const total of [0, -1, NaN, Infinity]) {
        expect(complaint(() => random.choices([1], 1, { weights: [total] }))).toBe(
          `GEM_INVALID_ARGUMENT: The weights of choices() must add up to a positive number, got ${total}.`,
        );
      }
      expect(random.getState()).toEqual(new PythonRandom(0).getState());
    });
  });

  describe("sample", () => {
    it("gives different items of the population", () => {
      fc.assert(
        fc.property(generators, fc.nat(300), fc.nat(300), (random, n, k) => {
          const picked = random.sample(n, Math.min(n, k));
          expect(new Set(picked).size).toBe(Math.min(n, k));
          expect(picked.every((item) => item >= 0 && item < n)).toBe(true);
        }),
      );
    });

    it("treats a number as the range up to it, and leaves the population alone", () => {
      fc.assert(
        fc.property(generators, fc.nat(300), fc.nat(300), (random, n, k) => {
          const population = range(n);
          const count = Math.min(n, k);
          expect(random.copy().sample(population, count)).toEqual(random.sample(n, count));
          expect(population).toEqual(range(n));
        }),
      );
    });

    it("refuses more items than there are, and sizes that are none", () => {
      const random = new PythonRandom(0);
      expect(complaint(() => random.sample([1, 2], 3))).toBe(
        "GEM_INVALID_ARGUMENT: sample() cannot take 3 items from 2. Pass k from 0 to 2.",
      );
      expect(complaint(() => random.sample(3, -1))).toMatch(/k must be an integer/);
      expect(complaint(() => random.sample(-1, 0))).toMatch(/population of sample\(\) must be/);
      expect(complaint(() => random.sample(1.5, 1))).toMatch(/population of sample\(\) must be/);
    });
  });

  describe("shuffle", () => {
    it("keeps the items", () => {
      fc.assert(
        fc.property(generators, fc.array(fc.integer()), (random, items) => {
          const shuffled = [...items];
          random.shuffle(shuffled);
          const ascending = (a: number, b: number): number => a - b;
          expect(shuffled.sort(ascending)).toEqual([...items].sort(ascending));
        }),
      );
    });

    it("moves typed arrays as it moves arrays", () => {
      const items = Uint8Array.from(range(50));
      new PythonRandom(9).shuffle(items);
      const expected = range(50);
      new PythonRandom(9).shuffle(expected);
      expect([...items]).toEqual(expected);
    });
  });

  describe("random, uniform and gauss", () => {
    it("stay within their ranges", () => {
      fc.assert(
        fc.property(generators, (random) => {
          const unit = random.random();
          expect(unit >= 0 && unit < 1).toBe(true);
          const between = random.uniform(-3, 8);
          expect(between >= -3 && between <= 8).toBe(true);
          expect(Number.isFinite(random.gauss())).toBe(true);
        }),
      );
    });

    it("draw two outputs for a uniform number, four for two Gaussian ones", () => {
      const random = new PythonRandom(0);
      random.uniform(0, 1);
      expect(random.getState().index).toBe(2);
      random.gauss();
      random.gauss(5, 2);
      expect(random.getState().index).toBe(6);
    });
  });
});
