import { hostLogSink } from "../../hosts/host-settings.ts";
import { askHost, type HostFunction } from "./host-grading.ts";
import type { Verdict } from "./verdict.ts";

const SHOWN = 200;

/** A verdict of TypeScript's that a host does not share. */
export interface Disagreement {
  readonly answer: string;
  readonly gold: string;
  readonly here: Verdict;
  readonly host: Verdict;
}

/** How verdicts are checked against the host. */
export interface TwinOptions {
  /** The share of checks that are made twice, 0 … 1. */
  readonly twin: number;
  readonly owner: string;
  /** Told instead of the log. */
  readonly onDisagreement?: ((disagreement: Disagreement) => void) | undefined;
}

let due = 0;

/** Has a share of verdicts checked by a host when that has nothing else to do. Never changes or delays a verdict. */
export function checkTwin(
  fn: HostFunction,
  answer: string,
  gold: string,
  here: Verdict,
  options: TwinOptions,
): void {
  if (options.twin <= 0) return;
  // Spread evenly instead of drawn: nothing here may use up random numbers.
  due += options.twin;
  if (due < 1) return;
  due -= 1;
  const { owner, onDisagreement = logDisagreement } = options;
  askHost(fn, answer, gold, { owner, ahead: true }).then(
    (host) => {
      if (host.correct !== here.correct) onDisagreement({ answer, gold, here, host });
    },
    // A host that cannot tell disagrees with nothing.
    () => undefined,
  );
}

function logDisagreement({ answer, gold, here, host }: Disagreement): void {
  hostLogSink()("math grading: TypeScript and the libraries disagree", {
    answer: answer.slice(0, SHOWN),
    gold: gold.slice(0, SHOWN),
    here: `${String(here.correct)} (${here.tier}, ${here.stage ?? "none"})`,
    host: `${String(host.correct)} (${host.stage ?? "none"})`,
  });
}
