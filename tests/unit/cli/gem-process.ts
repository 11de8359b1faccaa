import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** How a process ended, and all that it wrote. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `gem` command in a process of its own. */
export class GemProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  #stdout = "";
  #stderr = "";
  readonly #exit: Promise<[number | null, NodeJS.Signals | null]>;

  /** @param main the compiled `cli/main.js` */
  constructor(main: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [main, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.child.stdout.on("data", (data: Buffer) => (this.#stdout += data.toString()));
    this.child.stderr.on("data", (data: Buffer) => (this.#stderr += data.toString()));
    this.#exit = once(this.child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** The first line on standard output, parsed. */
  async announcement(): Promise<{ version: number; pid: number; endpoints: string[] }> {
    while (!this.#stdout.includes("\n")) {
      const ended = await Promise.race([
        once(this.child.stdout, "data").then(() => false),
        this.#exit.then(() => true),
      ]);
      if (ended) throw new Error(`The server ended: ${this.#stderr}`);
    }
    const [line = ""] = this.#stdout.split("\n");
    return JSON.parse(line) as { version: number; pid: number; endpoints: string[] };
  }

  async outcome(): Promise<Outcome> {
    const [code, signal] = await this.#exit;
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
  }
}
