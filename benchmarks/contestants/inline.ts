// The environments in the caller's own process: no bridge. One JSON request a line on standard input, one JSON line back.
import { createInterface } from "node:readline";
import { make, makeVec } from "../../src/index.ts";

const ACTION = "I would guess \\boxed{5} now.";

interface Request {
  readonly case: "single" | "vector";
  readonly env_id: string;
  readonly envs?: number;
  readonly wrappers?: string;
  readonly calls: number;
}

async function single({ env_id: id, calls }: Request): Promise<number[]> {
  const env = make(id);
  await env.reset(0);
  const samples: number[] = [];
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    const result = env.step(ACTION);
    const [, , done] = result instanceof Promise ? await result : result;
    samples.push((performance.now() - start) * 1e3);
    if (done) await env.reset();
  }
  return samples;
}

async function vector({ env_id: id, envs = 1, wrappers = "", calls }: Request): Promise<number[]> {
  const names = wrappers.split(",").filter((name) => name !== "");
  const vec = makeVec(Array<string>(envs).fill(id), { wrappers: names });
  await vec.reset(0);
  const actions = Array<string>(envs).fill(ACTION);
  const samples: number[] = [];
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    const result = vec.step(actions);
    if (result instanceof Promise) await result;
    samples.push((performance.now() - start) * 1e3);
  }
  return samples;
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  const samples = (await (request.case === "single" ? single(request) : vector(request))).sort(
    (a, b) => a - b,
  );
  const at = (share: number): number => samples[Math.floor(share * (samples.length - 1))] ?? 0;
  const stepsPerSecond = ((request.envs ?? 1) / at(0.5)) * 1e6;
  process.stdout.write(
    `${JSON.stringify({ p50: at(0.5), p99: at(0.99), steps_per_s: stepsPerSecond })}\n`,
  );
}
