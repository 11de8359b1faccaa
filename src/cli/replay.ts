import { matchIds } from "../check/globs.ts";
import { closeLibraryPools } from "../hosts/host-pool.ts";
import { listEnvs } from "../make.ts";
import { replay } from "../replay/replay.ts";
import { formatReplay } from "../replay/report.ts";
import { readInteger } from "./environment.ts";

/** The options of `gem replay`, as written. */
export interface ReplayArguments {
  readonly episode?: string;
  readonly id?: readonly string[];
  readonly json?: boolean;
}

/** `gem replay`: plays recorded episodes again; exit code 1 when something differs that does not depend on outside. */
export async function runReplay(path: string, given: ReplayArguments): Promise<void> {
  const ids = given.id === undefined ? undefined : new Set(matchIds(given.id, listEnvs()));
  const report = await replay(path, {
    episode:
      given.episode === undefined
        ? undefined
        : readInteger("--episode", given.episode, 1, Number.MAX_SAFE_INTEGER),
    accepts: ids === undefined ? undefined : (id) => ids.has(id),
  });
  await closeLibraryPools();
  const text =
    given.json === true ? JSON.stringify(report, bigIntsAsText, 2) : formatReplay(report);
  // A tool may still hold something open.
  process.stdout.write(`${text}\n`, () => process.exit(report.passed ? 0 : 1));
}

function bigIntsAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
