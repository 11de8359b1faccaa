import { CHECKS } from "./checks/index.ts";
import { describeError } from "./faults.ts";
import { CHECK_NAMES, failed, skipped, type CheckName, type Finding } from "./report.ts";
import type { CheckReport, CheckResult } from "./report.ts";
import { CheckRun, Seen } from "./run.ts";
import { checkSettings, type CheckOptions, type CheckSettings } from "./settings.ts";
import { subjectOfFactory, subjectOfId, type EnvFactory, type Subject } from "./subject.ts";

/**
 * Checks that an environment keeps the contract of `Env`: types, determinism, independence of neighbours, copies, and its answers to
 * whatever a model may say.
 *
 * @param what a registered id, or a function that makes a new environment at each call
 * @example
 * const report = await checkEnv("game:Sokoban-v0-easy");
 * console.log(formatReport(report));
 * @throws GEM_UNKNOWN_ENV, GEM_INVALID_OPTION, GEM_INVALID_SEED; what the environment throws is in the report
 */
export async function checkEnv(
  what: string | EnvFactory,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const settings = checkSettings(options);
  const make = options.make ?? {};
  const subject = typeof what === "string" ? subjectOfId(what, make) : subjectOfFactory(what, make);
  return checkSubject(subject, settings);
}

/** Makes all checks, one after the other. */
export async function checkSubject(
  subject: Subject,
  settings: CheckSettings,
): Promise<CheckReport> {
  const session = new CheckSession(subject, settings);
  for (const name of CHECK_NAMES) await session.make(name);
  return session.report();
}

/** The checks of one environment, as far as they have been made. */
class CheckSession {
  readonly #subject: Subject;
  readonly #settings: CheckSettings;
  readonly #seen = new Seen();
  readonly #results: CheckResult[] = [];
  #id: string | undefined;
  /** Why no further check can be made. */
  #end: string | undefined;

  constructor(subject: Subject, settings: CheckSettings) {
    this.#subject = subject;
    this.#settings = settings;
    this.#id = subject.id;
  }

  async make(name: CheckName): Promise<void> {
    const finding = this.#end === undefined ? await this.#run(name) : skipped(this.#end);
    this.#results.push({ name, ...finding });
    if (name === "start" && finding.outcome === "failed") this.#end = "It does not start.";
  }

  report(): CheckReport {
    return {
      id: this.#id ?? "an environment",
      checks: this.#results,
      passed: this.#results.every(({ outcome }) => outcome !== "failed"),
    };
  }

  async #run(name: CheckName): Promise<Finding> {
    const run = new CheckRun(this.#subject, this.#settings, this.#seen);
    try {
      return await CHECKS[name](run);
    } catch (error) {
      if (run.deadline.isStuck) this.#end = `A call of the check "${name}" did not come back.`;
      const text = describeError(error);
      return run.deadline.isOver ? failed(text) : this.#fault(name, text);
    } finally {
      this.#id ??= run.id;
      await run.end();
    }
  }

  /** What an environment throws in every check is told once. */
  #fault(name: CheckName, text: string): Finding {
    const before = this.#seen.thrown.get(text);
    if (before !== undefined) return skipped(`It is stopped by what failed the check "${before}".`);
    this.#seen.thrown.set(text, name);
    return failed(text);
  }
}
