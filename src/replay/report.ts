/** A place at which a replay went another way than the recording. */
export interface Difference {
  /** Of the file, from 1. */
  readonly line: number;
  /** Of the file, from 1; 0 before the first episode of an environment. */
  readonly episode: number;
  readonly id: string;
  /** The environment's key in the file. */
  readonly env: string;
  /** Within the episode, from 1; 0 for its beginning. */
  readonly step: number;
  /** What differs: a field of the line, `error` when the call fails now, or `line` when the line itself was changed. */
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
  /** What was seen then, where it was recorded, and now. */
  readonly recordedObservation?: unknown;
  readonly observation?: unknown;
  /** Whether tools take part, whose answers depend on what is outside. */
  readonly dependsOnOutside: boolean;
}

/** Environments of one id that cannot be played again, and why. */
export interface Refusal {
  readonly id: string;
  readonly reason: string;
  readonly environments: number;
}

/** What came of the episodes of one id. */
export interface IdSummary {
  readonly id: string;
  episodes: number;
  steps: number;
  identical: number;
  different: number;
  /** Not compared: after a difference or a fault, or cut off before anything could be. */
  skipped: number;
}

/** What a replay found. */
export interface ReplayReport {
  readonly path: string;
  /** Whether nothing differs but what depends on outside. */
  readonly passed: boolean;
  /** The first of each episode, in order. */
  readonly differences: readonly Difference[];
  readonly refusals: readonly Refusal[];
  readonly ids: readonly IdSummary[];
}

const SHOWN_DIFFERENCES = 10;
const SHOWN_TEXT = 400;

/** The report as text: a table of ids, then what cannot be played, then the first differences. */
export function formatReplay(report: ReplayReport): string {
  const rows = report.ids.map(({ id, episodes, steps, identical, different, skipped }) => [
    id,
    ...[episodes, steps, identical, different, skipped].map(String),
  ]);
  const header = ["id", "episodes", "steps", "identical", "different", "not compared"];
  const lines = rows.length === 0 ? [] : table([header, ...rows]);
  for (const { id, reason, environments } of report.refusals) {
    lines.push(`${id}: ${count(environments, "environment")} cannot be played again: ${reason}`);
  }
  for (const difference of report.differences.slice(0, SHOWN_DIFFERENCES)) {
    lines.push("", ...describe(report.path, difference));
  }
  const more = report.differences.length - SHOWN_DIFFERENCES;
  if (more > 0) lines.push("", `… and ${count(more, "further episode")} with differences.`);
  lines.push("", verdict(report));
  return lines.join("\n");
}

function verdict({ differences, ids, passed }: ReplayReport): string {
  const episodes = ids.reduce((sum, { identical }) => sum + identical, 0);
  if (differences.length === 0) return `${count(episodes, "episode")}: all identical.`;
  const found = `Differences in ${count(differences.length, "episode")}`;
  return passed ? `${found}, all of which depend on outside.` : `${found}.`;
}

function describe(path: string, difference: Difference): string[] {
  const { line, episode, id, env, step, field, expected, got } = difference;
  const where = step === 0 ? "at its beginning" : `step ${String(step)}`;
  const lines = [
    `${path}:${String(line)}: episode ${String(episode)} (${id}, ${env}), ${where}: ${field} differs${difference.dependsOnOutside ? " (depends on outside)" : ""}`,
    `  recorded: ${brief(expected)}`,
    `  now:      ${brief(got)}`,
  ];
  const { recordedObservation, observation } = difference;
  if (recordedObservation !== undefined)
    lines.push(`  observation then: ${brief(recordedObservation)}`);
  if (observation !== undefined) lines.push(`  observation now:  ${brief(observation)}`);
  return lines;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  "),
  );
}

function brief(value: unknown): string {
  const text = value === undefined ? "nothing" : show(value);
  return text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text;
}

/** A value as JSON, integers of any size included. */
function show(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "bigint" ? item.toString() : item,
  );
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? "" : "s"}`;
}
