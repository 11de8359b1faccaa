import { Session, type Profiler } from "node:inspector";

/** Which blocks of some files run, by V8's precise coverage. */
export class Coverage {
  readonly #session = new Session();
  readonly #isWatched: (url: string) => boolean;
  readonly #known = new Set<string>();

  /** @param isWatched says by its address whether a file counts */
  constructor(isWatched: (url: string) => boolean) {
    this.#isWatched = isWatched;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** How many blocks are known. */
  get size(): number {
    return this.#known.size;
  }

  /** The blocks that ran since the last call. */
  take(): Set<string> {
    const blocks = new Set<string>();
    this.#session.post("Profiler.takePreciseCoverage", (error, taken) => {
      if (error !== null) return;
      for (const script of taken.result) if (this.#isWatched(script.url)) note(script, blocks);
    });
    return blocks;
  }

  /** Those blocks that are not known. */
  newAmong(blocks: Iterable<string>): Set<string> {
    return new Set([...blocks].filter((block) => !this.#known.has(block)));
  }

  /** From now on these are known. */
  add(blocks: Iterable<string>): void {
    for (const block of blocks) this.#known.add(block);
  }

  close(): void {
    this.#session.disconnect();
  }
}

function note({ scriptId, functions }: Profiler.ScriptCoverage, blocks: Set<string>): void {
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges)
      if (count > 0) blocks.add(`${scriptId}:${startOffset}:${endOffset}`);
}
