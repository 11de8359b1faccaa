import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What one run of the reference implementation is asked for; `oracle.py` says what each entry means. */
export interface OracleRequest {
  readonly id: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly fields: readonly string[];
  /** Replies to play; 0 asks for the environment's own random action. */
  readonly actions: readonly (string | null | 0)[];
  readonly state?: Readonly<Record<string, unknown>>;
  /** Whether random actions are put right, for environments that cannot read their own. */
  readonly repair?: boolean;
  /** Whether each reset draws the parameters, for ids whose constructor fails at it. */
  readonly draws?: boolean;
}

/** What happened at the reset (where action, reward and flags are null) or at one step. */
export interface Row {
  readonly action: string | null;
  readonly reward: number | null;
  readonly terminated: boolean | null;
  readonly truncated: boolean | null;
  /** The keys of the info. */
  readonly info: readonly string[];
  readonly state: Readonly<Record<string, unknown>>;
  readonly board: string | null;
  /** The next 32-bit output of the environment's random stream. */
  readonly rng: number;
}

type Answer = { readonly rows: readonly Row[] } | { readonly error: string };

interface Waiting {
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: Error) => void;
}

/** One long-lived process that runs the reference implementation; it answers requests in order. */
export class Oracle {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #complaints = "";

  /** Starts the process. @throws when the Python that has the reference implementation is not there */
  constructor() {
    this.#process = spawn(findPython(), [fileURLToPath(new URL("oracle.py", import.meta.url))]);
    this.#process.stderr.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-2000);
    });
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      const waiting = this.#waiting.shift();
      const answer = JSON.parse(line) as Answer;
      if ("rows" in answer) waiting?.resolve(answer.rows);
      else waiting?.reject(new Error(`The reference implementation raised ${answer.error}`));
    });
    this.#process.on("close", (code) => {
      for (const waiting of this.#waiting.splice(0)) {
        waiting.reject(
          new Error(`The oracle ended with code ${String(code)}: ${this.#complaints}`),
        );
      }
    });
  }

  /** The rows of one run: the reset, then one a step. Rejects with upstream's exception when it raises one. */
  ask(request: OracleRequest): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    });
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

/** The Python that has the reference implementation: `GEM_ORACLE_PYTHON`, or the repository's own. */
export function findPython(): string {
  const python =
    process.env["GEM_ORACLE_PYTHON"] ??
    fileURLToPath(new URL("../../.venv-oracle/bin/python", import.meta.url));
  if (existsSync(python)) return python;
  throw new Error(
    `There is no Python with the reference implementation at "${python}". Run \`npm test\`, which sets it up, ` +
      "or point GEM_ORACLE_PYTHON at a Python that has gem-llm==0.1.0 and pandas.",
  );
}
