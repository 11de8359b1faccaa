/** Fuzzes one target in this process, and says at the end what it came to, as one line of JSON. Started by `main.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { CRASHES } from "./corpus.ts";
import { DecoderTarget } from "./decoder.ts";
import { DispatcherTarget } from "./dispatcher.ts";
import { fuzz, type FuzzOutcome } from "./engine.ts";
import { formatInput, type Target } from "./input.ts";
import { minimize } from "./minimize.ts";

const TARGETS: Readonly<Record<string, () => Target>> = {
  decoder: () => new DecoderTarget(),
  dispatcher: () => new DispatcherTarget(),
};

const [name = "", frames = "", seed = ""] = process.argv.slice(2);
const make = TARGETS[name];
if (make === undefined) throw new Error(`There is no target ${JSON.stringify(name)}.`);

const start = performance.now();
let told = 0;
const outcome = await fuzz(make(), {
  frames: Number(frames),
  seed: Number(seed),
  onProgress: (done, kept, blocks) => {
    if (performance.now() - told < 1000) return;
    told = performance.now();
    process.send?.({ done, kept, blocks });
  },
});
const seconds = (performance.now() - start) / 1000;
const { crash, ...counts } = outcome;
const report = { target: name, seconds, ...counts, failure: crash && (await keep(make, crash)) };
process.stdout.write(`${JSON.stringify(report)}\n`);
// Environments' deadlines may still tick.
process.exit(crash === undefined ? 0 : 1);

/** Writes down what caused a failure; says what it was and where that is. */
async function keep(
  fresh: () => Target,
  { inputs, error }: NonNullable<FuzzOutcome["crash"]>,
): Promise<string> {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const smallest = await minimize(fresh, inputs);
  const kept = (smallest === undefined ? inputs : [smallest]).map(formatInput);
  const content = kept.join("");
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const file = join(CRASHES, `${smallest === undefined ? "batch-" : ""}${name}-${digest}.hex`);
  mkdirSync(CRASHES, { recursive: true });
  writeFileSync(file, content);
  return `${text}\nThe input is in ${file}.`;
}
