import { ReasoningLibrary } from "../../../../src/envs/reasoning/library.ts";
import type { Run } from "../../../../src/envs/reasoning/run.ts";
import type { RunOptions } from "../../../../src/hosts/host-pool.ts";

/** A call that reached the library. */
export interface Call {
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly options: RunOptions;
}

/** A library whose items say which they are: item 3 of `chain_sum` with seed 42 asks "chain_sum 42 3", answer "42:3". */
export class FakeLibrary {
  readonly calls: Call[] = [];
  /** How many items or scores a call gives at most. */
  atOnce = Infinity;
  /** Whether answers have to be sent to the library. */
  judges = false;
  /** The number of the process that calls are given to. */
  process = 1;
  /** What calls fail with from now on. */
  failure: Error | undefined;
  /** Calls wait for it when it is there. */
  gate: Promise<void> | undefined;
  readonly library: ReasoningLibrary;

  constructor() {
    this.library = new ReasoningLibrary((fn, args, options) => this.run(fn, args, options));
  }

  readonly run: Run = async (fn, args, options = {}) => {
    this.calls.push({ fn, args, options });
    options.onPlaced?.(this.process);
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    if (fn === "items") return this.#items(args);
    if (fn === "scores") return this.#scores(args);
    const [[name, , seed], index] = args as [[string, number, bigint], number];
    return { question: `${name} ${String(seed)} ${String(index)}`, answer: "", metadata: {} };
  };

  /** The calls of a function, as `start+count` or the number of answers. */
  asked(fn: string): readonly string[] {
    const calls = this.calls.filter((call) => call.fn === fn);
    if (fn === "items") return calls.map(({ args }) => `${String(args[1])}+${String(args[2])}`);
    return calls.map(({ args }) => String((args[1] as unknown[]).length));
  }

  #items(args: readonly unknown[]): unknown {
    const [[name, , seed], start, count] = args as [[string, number, bigint], number, number];
    const rule = this.judges ? null : "contained";
    return Array.from({ length: Math.min(count, this.atOnce) }, (_, i) => {
      const index = String(start + i);
      return [`${name} ${String(seed)} ${index}`, `${String(seed)}:${index}`, rule];
    });
  }

  /** An answer earns 1 when it is the item's own, and 0.5 when it is that of the judge's dataset; "bad" raises. */
  #scores(args: readonly unknown[]): unknown {
    const answers = args[1] as [bigint, bigint, number, string | null][];
    return answers.slice(0, this.atOnce).map(([judge, seed, index, answer]) => {
      if (answer === "bad") return [0, "TypeError: bad"];
      if (answer === `${String(seed)}:${String(index)}`) return [1, null];
      return [answer === `judge ${String(judge)}` ? 0.5 : 0, null];
    });
  }
}
