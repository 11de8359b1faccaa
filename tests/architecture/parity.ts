import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "./source-tree.ts";
import { commentsOf, filesBelow, ROOT } from "./source-tree.ts";

const LEDGER = "docs/parity.md";
const MARKER = /\b[QD]\d{2,3}\b/g;

/** The ids of the ledger's rows: all of them, and those that do not say "not in code". */
export interface Ledger {
  readonly ids: readonly string[];
  readonly idsInCode: readonly string[];
}

/** Reads `docs/parity.md`, whose rows begin `| Q01 |` (a quirk kept) or `| D01 |` (a difference made); no file, no rows. */
export function readLedger(): Ledger {
  const path = join(ROOT, LEDGER);
  const rows = (existsSync(path) ? readFileSync(path, "utf8") : "").split("\n").flatMap((line) => {
    const id = /^\| *([QD]\d{2,3}) *\|/.exec(line)?.[1];
    return id === undefined ? [] : [{ id, isInCode: !line.includes("not in code") }];
  });
  return {
    ids: rows.map(({ id }) => id),
    idsInCode: rows.filter(({ isInCode }) => isInCode).map(({ id }) => id),
  };
}

/** The ids that comments of these sources, or the Python package, name. */
export function markersInCode(sources: readonly SourceFile[]): ReadonlySet<string> {
  const comments = [
    ...sources.flatMap(commentsOf),
    ...filesBelow("python/gem", ".py").map((path) => readFileSync(join(ROOT, path), "utf8")),
  ];
  return new Set(comments.flatMap((comment) => comment.match(MARKER) ?? []));
}
