import type { Registry } from "../core/registry.ts";
import { GemError } from "../errors.ts";
import { defaultRegistry } from "../make.ts";
import type { EnvLine, Line } from "../recording/format.ts";
import { readLines, type ReadLine } from "../recording/read-lines.ts";
import { Player } from "./player.ts";
import { NotRemade, remake } from "./remake.ts";
import type { Difference, IdSummary, Refusal, ReplayReport } from "./report.ts";

/** What to replay of a recording, and with what. */
export interface ReplayOptions {
  /** One episode only, counted from 1 in the order in which episodes began; those it depends on are played too. */
  readonly episode?: number | undefined;
  /** Which environments, by id. */
  readonly accepts?: ((id: string) => boolean) | undefined;
  /** Default: the registry of `make`. */
  readonly registry?: Registry | undefined;
}

/** Lines of one environment. */
interface Span {
  readonly env: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Plays the episodes of a recording again with this version of the library, and compares observations, rewards and flags.
 *
 * @throws GEM_INVALID_ARGUMENT when the file cannot be read or has no such episode; GEM_UNSUPPORTED for another version of the format
 */
export async function replay(path: string, options: ReplayOptions = {}): Promise<ReplayReport> {
  const { accepts = () => true, registry = defaultRegistry(), episode } = options;
  const span = episode === undefined ? undefined : await spanOf(path, episode);
  const run = new Run(registry, accepts, span);
  for await (const read of readLines(path)) await run.take(read);
  await run.end();
  return run.report(path);
}

/** One pass over a recording. */
class Run {
  readonly #registry: Registry;
  readonly #accepts: (id: string) => boolean;
  readonly #span: Span | undefined;
  readonly #players = new Map<string, Player>();
  readonly #ids = new Map<string, IdSummary>();
  readonly #refusals = new Map<string, { id: string; reason: string; environments: number }>();
  readonly #differences: Difference[] = [];
  #episodes = 0;

  constructor(registry: Registry, accepts: (id: string) => boolean, span: Span | undefined) {
    this.#registry = registry;
    this.#accepts = accepts;
    this.#span = span;
  }

  async take({ number, line, problem }: ReadLine): Promise<void> {
    if (line?.kind === "header" && problem === undefined) return;
    if (line === undefined || line.kind === "header" || !("env" in line)) {
      this.#differences.push(unreadable(number, problem ?? "it names no environment"));
    } else if (line.kind === "env") {
      this.#takeEnv(line, number, problem);
    } else {
      if (line.kind === "begin") this.#episodes += 1;
      if (!this.#includes(number)) return;
      await this.#players.get(line.env)?.play(line, number, this.#episodes, problem);
      if (line.kind === "close") await this.#end(line.env);
    }
  }

  #takeEnv(line: EnvLine, number: number, problem: string | undefined): void {
    if (this.#span !== undefined && line.env !== this.#span.env) return;
    if (problem === undefined) this.#make(line);
    else this.#differences.push({ ...unreadable(number, problem), env: line.env, id: line.id });
  }

  async end(): Promise<void> {
    for (const env of [...this.#players.keys()]) await this.#end(env);
  }

  report(path: string): ReplayReport {
    return {
      path,
      passed: this.#differences.every(({ dependsOnOutside }) => dependsOnOutside),
      differences: this.#differences,
      refusals: [...this.#refusals.values()] satisfies Refusal[],
      ids: [...this.#ids.values()],
    };
  }

  #includes(number: number): boolean {
    if (this.#span === undefined) return true;
    return number >= this.#span.first && number <= this.#span.last;
  }

  #make(line: EnvLine): void {
    if (!this.#accepts(line.id)) return;
    try {
      const env = remake(this.#registry, line);
      const report = (difference: Difference): void => void this.#differences.push(difference);
      this.#players.set(line.env, new Player(env, line, this.#summary(line.id), report));
    } catch (error) {
      if (!(error instanceof NotRemade)) throw error;
      const { message: reason } = error;
      const key = `${line.id}\0${reason}`;
      const known = this.#refusals.get(key) ?? { id: line.id, reason, environments: 0 };
      known.environments += 1;
      this.#refusals.set(key, known);
    }
  }

  #summary(id: string): IdSummary {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const fresh = { id, episodes: 0, steps: 0, identical: 0, different: 0, skipped: 0 };
    this.#ids.set(id, fresh);
    return fresh;
  }

  async #end(env: string): Promise<void> {
    const player = this.#players.get(env);
    this.#players.delete(env);
    await player?.end();
  }
}

/** The lines that an episode needs: from where its environment's state was last written down. */
async function spanOf(path: string, episode: number): Promise<Span> {
  const starts = new Map<string, number>();
  let wanted: Omit<Span, "last"> | undefined;
  let episodes = 0;
  let last = 0;
  for await (const { number, line } of readLines(path)) {
    if (line === undefined || !("env" in line)) continue;
    const begins = line.kind === "begin";
    if (begins) episodes += 1;
    if (wanted === undefined) {
      if (hasState(line)) starts.set(line.env, number);
      if (begins && episodes === episode)
        wanted = { env: line.env, first: starts.get(line.env) ?? 1 };
    } else if (line.env === wanted.env && begins) {
      break;
    }
    if (wanted?.env === line.env) last = number;
  }
  if (wanted !== undefined) return { ...wanted, last };
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `There is no episode ${String(episode)}: the file has ${String(episodes)}, counted from 1.`,
  );
}

function hasState(line: Line): boolean {
  return line.kind === "state" || (line.kind === "begin" && line.state !== undefined);
}

function unreadable(line: number, got: string): Difference {
  return {
    line,
    episode: 0,
    id: "unknown",
    env: "unknown",
    step: 0,
    field: "line",
    expected: "as it was written",
    got,
    dependsOnOutside: false,
  };
}
