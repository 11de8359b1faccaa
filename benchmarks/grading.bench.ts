// Grading of mathematical answers beside upstream's grader.
//
//     npm run bench -- grading [rounds]
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { gradeAnswer } from "../src/grading/math/grade-math.ts";
import { closeLibraryPools } from "../src/hosts/host-pool.ts";

const ROOT = resolve(import.meta.dirname, "..");
const ORACLE = process.env["GEM_ORACLE_PYTHON"] ?? join(ROOT, ".venv-oracle", "bin", "python");
const ROUNDS = Number(process.argv[2] ?? 5);

type Pair = readonly [answer: string, gold: string];

/** Seconds for all checks of a batch, and how many were right. */
type Contestant = (pairs: readonly Pair[]) => Promise<readonly [seconds: number, right: number]>;

const tex = String.raw;
const GOLDS = JSON.parse(
  readFileSync(join(ROOT, "tests", "fixtures", "gsm8k-golds.json"), "utf8"),
) as readonly string[];

/** Kinds of checks; a round's pairs are new ones, which no cache has seen. */
const KINDS: Readonly<Record<string, { count: number; pair: (k: number) => Pair }>> = {
  "equal strings": { count: 200, pair: (k) => [String(1000 + k), String(1000 + k)] },
  "equal fractions, written alike": {
    count: 200,
    pair: (k) => [tex`\frac{${k}}{7}`, tex`\frac{${k}}{7}`],
  },
  "numeric fractions": {
    count: 60,
    pair: (k) => [
      tex`\frac{${2 * k + 2}}{${2 * (k % 97) + 6}}`,
      tex`\frac{${k + 1}}{${(k % 97) + 3}}`,
    ],
  },
  "answers to GSM8K": { count: 150, pair: gsm8k },
  "needs sympy": {
    count: 40,
    pair: (k) => [tex`0.5x^2+${k}x`, `x(x+${String(2 * k)})/2`],
  },
  "expanded squares": {
    count: 40,
    pair: (k) => [tex`x^2+${2 * k}x+${k * k}`, `(x+${String(k)})^2`],
  },
  "sets in another order": {
    count: 40,
    pair: (k) => [tex`\{${k},${k + 1}\}`, tex`\{${k + 1},${k}\}`],
  },
  "roots, written in other words": {
    count: 40,
    pair: (k) => [tex`\frac{${2 * k + 2}}{\sqrt{2}}`, tex`${k + 1}\sqrt{2}`],
  },
  percentages: { count: 40, pair: (k) => [tex`${k + 1}\%`, tex`\frac{${k + 1}}{100}`] },
  "unions of intervals": {
    count: 40,
    pair: (k) => [
      tex`(-\infty, ${k}) \cup (${k + 2}, \infty)`,
      tex`(${k + 2},\infty)\cup(-\infty,${k})`,
    ],
  },
  "unequal expressions": {
    count: 20,
    pair: (k) => [tex`\frac{${k}+\sqrt{${k + 2}}}{3}`, tex`\frac{${k}+\sqrt{${k + 2}}}{5}`],
  },
};

/** What models answer: right, right in other words, or another number. */
function gsm8k(k: number): Pair {
  const gold = GOLDS[k % GOLDS.length] ?? "";
  const value = Number(gold.replaceAll(",", ""));
  const answers = [
    gold,
    gold,
    gold,
    tex`\$${gold}`,
    `${String(value)}.00`,
    tex`${value}\text{ hours}`,
  ];
  const wrong = [String(value + 1), String(value * 2), String(value / 4)];
  return [[...answers, ...wrong, String(value - 3)][k % 10] ?? gold, gold];
}

const ours: Contestant = async (pairs) => {
  const start = performance.now();
  const verdicts = await Promise.all(
    pairs.map(async ([answer, gold]) => gradeAnswer(answer, gold)),
  );
  const seconds = (performance.now() - start) / 1000;
  return [seconds, verdicts.filter(({ correct }) => correct).length];
};

const oneByOne: Contestant = async (pairs) => {
  const start = performance.now();
  let right = 0;
  for (const [answer, gold] of pairs) {
    const verdict = gradeAnswer(answer, gold);
    const { correct } = verdict instanceof Promise ? await verdict : verdict;
    if (correct) right += 1;
  }
  return [(performance.now() - start) / 1000, right];
};

function upstream(child: ChildProcess): Contestant {
  if (child.stdin === null || child.stdout === null) throw new Error("upstream has no pipes");
  const { stdin, stdout } = child;
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  return async (pairs) => {
    stdin.write(`${JSON.stringify(pairs)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error("upstream's grader ended");
    return JSON.parse(line.value) as [number, number];
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measure(contestants: Readonly<Record<string, Contestant>>): Promise<void> {
  const names = Object.keys(contestants);
  write(`| kind | ${names.map((name) => `${name}, µs a check`).join(" | ")} | ratios |`);
  write(`|---|${names.map(() => "--:|").join("")}---|`);
  for (const [kind, { count, pair }] of Object.entries(KINDS)) {
    const times = names.map((): number[] => []);
    for (let round = -1; round < ROUNDS; round++) {
      const counts = new Set<number>();
      for (const [i, contestant] of Object.values(contestants).entries()) {
        // Each contestant has numbers of its own: a host's caches must not know them from the one before.
        const first = (round + 1) * count * names.length + (i === 1 ? count : 0);
        const pairs = Array.from({ length: count }, (_, k) => pair(first + k));
        const [seconds, right] = await contestant(pairs);
        if (i !== 1) counts.add(right);
        // The first round only warms up.
        if (round >= 0) times[i]?.push((seconds / count) * 1e6);
      }
      if (counts.size > 1)
        throw new Error(`${kind}: the verdicts differ: ${[...counts].join(", ")}`);
    }
    const medians = times.map(median);
    const last = medians.at(-1) ?? Number.NaN;
    const ratios =
      names.length < 3
        ? ""
        : medians
            .slice(0, -1)
            .map((own) => (last / own).toFixed(1))
            .join(", ");
    write(`| ${kind} | ${medians.map((own) => own.toFixed(1)).join(" | ")} | ${ratios} |`);
  }
}

write(
  `${cpus()[0]?.model ?? "?"}, ${String(availableParallelism())} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}`,
);
const child = existsSync(ORACLE)
  ? spawn(ORACLE, [join(ROOT, "benchmarks", "contestants", "math_grader.py")], {
      stdio: ["pipe", "pipe", "ignore"],
    })
  : undefined;
await measure({
  "all at once": ours,
  "one by one": oneByOne,
  ...(child === undefined ? {} : { upstream: upstream(child) }),
});
child?.stdin.end();
await closeLibraryPools();
