import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findPython } from "./oracle.ts";

type Answer<Row> = { readonly rows: readonly Row[] } | { readonly error: string };

/** One long-lived process that runs upstream's environments; it answers a line of JSON for each, in order. */
export class OracleProcess<Request, Row> {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting: ((answer: Answer<Row>) => void)[] = [];
  #complaints = "";

  /**
   * @param script a file beside this one
   * @param env variables beside those of this process
   * @param python the interpreter that runs it
   */
  constructor(script: string, env: Readonly<Record<string, string>>, python = findPython()) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#process = spawn(python, [path], { env: { ...process.env, ...env } });
    this.#process.stderr.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-2000);
    });
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#waiting.shift()?.(JSON.parse(line) as Answer<Row>);
    });
    this.#process.on("close", () => {
      for (const resolve of this.#waiting.splice(0)) resolve({ error: this.#complaints });
    });
  }

  /** What upstream returned for each move. Rejects when it cannot be made or reset. */
  async play(request: Request): Promise<readonly Row[]> {
    const answer = await new Promise<Answer<Row>>((resolve) => {
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
