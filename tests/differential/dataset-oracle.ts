import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findPython } from "./oracle.ts";

/** A reset, with or without a seed and an index, or a reply. */
export type Move = readonly ["reset", number | null, number | null] | readonly ["step", string];

/** What `dataset_oracle.py` is asked for. */
export interface DatasetPlay {
  readonly class: "MathEnv" | "QaEnv" | "CodeEnv";
  /** The path of a file of JSON lines. */
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly moves: readonly Move[];
}

type Answer = { readonly rows: readonly (readonly unknown[])[] } | { readonly error: string };

/** One long-lived process that runs upstream's dataset environments; it answers requests in order. */
export class DatasetOracle {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting: ((answer: Answer) => void)[] = [];
  #complaints = "";

  constructor() {
    const script = fileURLToPath(new URL("dataset_oracle.py", import.meta.url));
    const python = findPython();
    // Upstream runs the `python` of PATH; its imports need NumPy and pandas.
    const PATH = [dirname(python), process.env["PATH"]].join(delimiter);
    this.#process = spawn(python, [script], { env: { ...process.env, PATH, HF_HUB_OFFLINE: "1" } });
    this.#process.stderr.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-2000);
    });
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#waiting.shift()?.(JSON.parse(line) as Answer);
    });
    this.#process.on("close", () => {
      for (const resolve of this.#waiting.splice(0)) resolve({ error: this.#complaints });
    });
  }

  /** What upstream returned for each move. Rejects when it cannot be made or reset. */
  async play(request: DatasetPlay): Promise<readonly (readonly unknown[])[]> {
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.push(resolve);
      this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    });
    if ("rows" in answer) return answer.rows;
    throw new Error(`The reference implementation raised ${answer.error}`);
  }

  /** Ends the process, and waits until it has ended. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#process.on("close", () => {
        resolve();
      });
      this.#process.stdin.end();
    });
  }
}
