import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { GemError } from "../../errors.ts";

/** What is bound to a statement. */
export type SqlValue = string | number;

/** A prepared statement. */
export interface Statement {
  run(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
  get(...values: SqlValue[]): unknown;
}

/** What is used of an SQLite driver, in the names that libsql and better-sqlite3 share. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

type Driver = new (path: string) => Database;

let loaded: Driver | undefined;

/** Opens a database for writing, or one that nobody writes any more for reading. @throws GEM_UNAVAILABLE without the driver */
export function openDatabase(path: string, mode: "write" | "read"): Database {
  loaded ??= loadDriver();
  return new loaded(mode === "write" ? path : `${pathToFileURL(path).href}?mode=ro&immutable=1`);
}

/** Loads the driver when it is needed: it is a native module, and most programs never search. */
function loadDriver(): Driver {
  try {
    return createRequire(import.meta.url)("libsql") as Driver;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GemError(
      "GEM_UNAVAILABLE",
      `SQLite cannot be loaded: ${why}. Install it with \`npm install libsql@0.5.29\`.`,
      {},
      error,
    );
  }
}
