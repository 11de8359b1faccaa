// Times resets of this project's environments in process. One JSON request a line on standard input, one JSON line back.
import { createInterface } from "node:readline";
import { make } from "../../src/index.ts";

interface Request {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  readonly warmup_ms: number;
}

async function reset(env: ReturnType<typeof make>, seed: number): Promise<number> {
  const start = performance.now();
  const result = env.reset(seed);
  if (result instanceof Promise) await result;
  return performance.now() - start;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, options, seeds, warmup_ms } = JSON.parse(line) as Request;
  const env = make(id, options);
  const end = performance.now() + warmup_ms;
  for (let seed = 1_000_000; performance.now() < end; seed++) await reset(env, seed);
  const ms: number[] = [];
  for (const seed of seeds) ms.push(await reset(env, seed));
  process.stdout.write(`${JSON.stringify({ ms })}\n`);
}
