import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { buildSources } from "./build-sources.ts";
import { GemProcess } from "./gem-process.ts";

/** The built command line for the tests of a file, with a folder for each of them and servers that end with it. */
export class Serving {
  #build = "";
  #folder = "";
  #running: GemProcess[] = [];

  /** Registers what comes before and after the tests. */
  constructor() {
    beforeAll(() => {
      this.#build = buildSources();
    });
    afterAll(() => {
      rmSync(this.#build, { recursive: true, force: true });
    });
    beforeEach(() => {
      this.#folder = mkdtempSync(join(tmpdir(), "gem-test-"));
      this.#running = [];
    });
    afterEach(async () => {
      for (const server of this.#running) {
        server.child.kill("SIGKILL");
        await server.outcome();
      }
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  /** The command line's file. */
  get main(): string {
    return join(this.#build, "cli", "main.js");
  }

  /** The test's folder, in which its servers make theirs. */
  get folder(): string {
    return this.#folder;
  }

  /** `gem serve` with two workers. */
  serve(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): GemProcess {
    const own = { TMPDIR: this.#folder, GEM_SERVER: "", GEM_WORKERS: "2", ...env };
    const server = new GemProcess(this.main, ["serve", ...args], own);
    this.#running.push(server);
    return server;
  }
}
