import type { Env, EnvSnapshot, Observation } from "../core/env.ts";
import { isGemError } from "../errors.ts";
import type { BeginLine, EnvLine, Line, StepLine } from "../recording/format.ts";
import { Unrecorded, findUnrecorded, fromPlain, unpack } from "../recording/plain.ts";
import { hashText } from "../recording/text-hash.ts";
import { textOf } from "../recording/track.ts";
import { dependsOnOutside } from "./remake.ts";
import type { Difference, IdSummary } from "./report.ts";

/** A line of an environment, after the one that it was made by. */
type PlayedLine = Exclude<Line, EnvLine | { readonly kind: "header" }>;

/** What differs, without where. */
type Finding = Pick<
  Difference,
  "field" | "expected" | "got" | "recordedObservation" | "observation"
>;

/** Whether what follows can be compared: yes; not until the state or the seed is known again; never. */
type Standing = "known" | "unknown" | "lost";

/** Plays one recorded environment again, line by line, and compares. */
export class Player {
  readonly #env: Env;
  readonly #line: EnvLine;
  readonly #summary: IdSummary;
  readonly #report: (difference: Difference) => void;
  #standing: Standing = "known";
  #episode = 0;
  #isCompared = false;
  /** Whether the episode has a difference already. */
  #differs = false;

  /** @param report gets the first difference of each episode */
  constructor(
    env: Env,
    line: EnvLine,
    summary: IdSummary,
    report: (difference: Difference) => void,
  ) {
    this.#env = env;
    this.#line = line;
    this.#summary = summary;
    this.#report = report;
  }

  /** Plays a line. @param number of it @param episode of the file, where the line begins one @param problem with the line itself */
  async play(line: PlayedLine, number: number, episode: number, problem?: string): Promise<void> {
    if (line.kind === "begin") this.#beginEpisode(line, episode);
    if (problem !== undefined) {
      this.#differ(line, number, { field: "line", expected: "as it was written", got: problem });
      return;
    }
    if (line.kind === "fault") this.#standing = "unknown";
    else if (line.kind === "state") await this.#setState(line.state);
    else if (line.kind === "begin" && line.state !== undefined) await this.#setState(line.state);
    if (this.#standing !== "known" && !this.#knowsAgain(line)) return;
    try {
      const finding = await this.#replay(line);
      if (finding !== undefined) this.#differ(line, number, finding);
    } catch (error) {
      if (!isGemError(error)) throw error;
      const got = `${error.code}: ${error.message}`;
      this.#differ(line, number, { field: "error", expected: "none", got });
    }
  }

  /** Ends the last episode. */
  async end(): Promise<void> {
    this.#endEpisode();
    await this.#env.close();
  }

  /** A seeded reset starts the generators anew, whatever was before. */
  #knowsAgain(line: PlayedLine): boolean {
    if (this.#standing === "lost" || line.kind !== "begin" || line.seed === null) return false;
    this.#standing = "known";
    this.#isCompared = true;
    return true;
  }

  #beginEpisode(line: BeginLine, episode: number): void {
    this.#endEpisode();
    this.#episode = episode;
    this.#summary.episodes += 1;
    this.#isCompared = this.#standing === "known" || line.state !== undefined;
    this.#differs = false;
  }

  #endEpisode(): void {
    if (this.#episode === 0) return;
    if (this.#differs) this.#summary.different += 1;
    else if (this.#isCompared) this.#summary.identical += 1;
    else this.#summary.skipped += 1;
    this.#episode = 0;
  }

  async #setState(state: string): Promise<void> {
    if (this.#standing === "lost") return;
    await this.#env.setState(unpack(state) as EnvSnapshot);
    this.#standing = "known";
  }

  async #replay(line: PlayedLine): Promise<Finding | undefined> {
    switch (line.kind) {
      case "begin":
        return this.#reset(line);
      case "step":
        return this.#step(line);
      case "sample": {
        const action = await this.#env.sampleRandomAction();
        return compare("action", line.action, action);
      }
      case "set": {
        const value = fromPlain(line.value);
        if (findUnrecorded(value) !== undefined) this.#standing = "lost";
        else await this.#env.setAttribute(line.name, value);
        return undefined;
      }
      case "call": {
        const args = fromPlain(line.args) as unknown[];
        if (findUnrecorded(args) !== undefined) this.#standing = "lost";
        else await this.#env.callMethod(line.method, args);
        return undefined;
      }
      case "close":
        await this.#env.close();
        return undefined;
      case "fault":
      case "state":
        return undefined;
    }
  }

  async #reset(line: BeginLine): Promise<Finding | undefined> {
    const options = fromPlain(line.options ?? {}) as Record<string, unknown>;
    const seed = line.seed === null ? null : BigInt(line.seed);
    const [observation] = await this.#env.reset(seed, options);
    return compareSeen(line, observation);
  }

  async #step(line: StepLine): Promise<Finding | undefined> {
    this.#summary.steps += 1;
    const [observation, reward, terminated, truncated] = await this.#env.step(line.action);
    const finding =
      compareSeen(line, observation) ??
      compare("reward", Number(line.reward), reward) ??
      compare("terminated", line.terminated, terminated) ??
      compare("truncated", line.truncated, truncated);
    if (finding === undefined || finding.field === "observation") return finding;
    return { ...finding, ...both(line, observation) };
  }

  #differ(line: PlayedLine, number: number, finding: Finding): void {
    this.#standing = this.#standing === "lost" ? "lost" : "unknown";
    if (this.#differs) return;
    this.#differs = true;
    this.#report({
      line: number,
      episode: this.#episode,
      id: this.#line.id,
      env: this.#line.env,
      step: line.kind === "step" ? line.t : 0,
      ...finding,
      dependsOnOutside: finding.field !== "line" && dependsOnOutside(this.#line),
    });
  }
}

function compare(field: string, expected: unknown, got: unknown): Finding | undefined {
  return Object.is(expected, got) ? undefined : { field, expected, got };
}

function compareSeen(line: BeginLine | StepLine, observation: Observation): Finding | undefined {
  const text = textOf(observation);
  if (line.hash === null || text === undefined) return undefined;
  const hash = hashText(text);
  if (hash === line.hash) return undefined;
  return { field: "observation", expected: line.hash, got: hash, ...both(line, observation) };
}

function both(
  line: BeginLine | StepLine,
  observation: Observation,
): Pick<Finding, "recordedObservation" | "observation"> {
  const recorded = fromPlain(line.observation);
  if (line.observation === undefined || recorded instanceof Unrecorded) return { observation };
  return { recordedObservation: recorded, observation };
}
