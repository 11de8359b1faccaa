import type { PassageDocument } from "../engine.ts";
import { openDatabase, type Database, type Statement } from "../../data/sqlite/database.ts";
import { indexedText, matchExpression } from "../../data/sqlite/terms.ts";

/** A passage's number in the index, from 1, and how well it fits. */
export interface Ranked {
  readonly row: number;
  /** Larger is better. */
  readonly score: number;
}

/** A build that is not finished is thrown away, so nothing of it has to survive a crash. */
const FAST_WRITES = `
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA cache_size = -65536;`;

const TABLES = `
  CREATE TABLE passages (row INTEGER PRIMARY KEY, document TEXT NOT NULL);
  CREATE VIRTUAL TABLE terms USING fts5 (
    contents, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
  );
  INSERT INTO terms (terms, rank) VALUES ('hashsize', 33554432);`;

/** Passages between two commits; the words are sorted and written at each. */
const COMMIT_EVERY = 20_000;
/** Pages that one step merges: some milliseconds. */
const MERGE_PAGES = 200;

/** Writes passages and their words. */
export class StoreWriter {
  readonly #database: Database;
  readonly #passage: Statement;
  readonly #terms: Statement;
  readonly #changes: Statement;
  readonly #mergeStep: Statement;
  #rows = 0;

  constructor(path: string) {
    this.#database = openDatabase(path, "write");
    this.#database.exec(FAST_WRITES);
    this.#database.exec(TABLES);
    this.#passage = this.#database.prepare("INSERT INTO passages (row, document) VALUES (?, ?)");
    this.#terms = this.#database.prepare("INSERT INTO terms (rowid, contents) VALUES (?, ?)");
    this.#changes = this.#database.prepare("SELECT total_changes() AS changes");
    this.#mergeStep = this.#database.prepare("INSERT INTO terms (terms, rank) VALUES ('merge', ?)");
    this.#database.exec("BEGIN");
  }

  /** Adds passages, in order. */
  add(documents: readonly PassageDocument[]): void {
    for (const document of documents) {
      this.#rows += 1;
      this.#passage.run(this.#rows, JSON.stringify(document));
      this.#terms.run(this.#rows, indexedText(document.contents));
      if (this.#rows % COMMIT_EVERY === 0) this.#database.exec("COMMIT; BEGIN");
    }
  }

  /** Ends the writing of passages. */
  commit(): void {
    this.#database.exec("COMMIT");
    this.#mergeStep.run(-MERGE_PAGES);
  }

  /** Goes a step towards one sorted part, which is faster to search; false when there is nothing left to do. */
  merge(): boolean {
    const before = numberIn(this.#changes.get(), "changes");
    this.#mergeStep.run(MERGE_PAGES);
    // FTS5's documentation: fewer than two changes mean that nothing was left to merge.
    return numberIn(this.#changes.get(), "changes") - before >= 2;
  }

  close(): void {
    this.#database.close();
  }
}

/** Reads an index that is finished. */
export class StoreReader {
  readonly #database: Database;
  readonly #match: Statement;
  readonly #document: Statement;
  readonly #page: Statement;

  constructor(path: string) {
    this.#database = openDatabase(path, "read");
    this.#match = this.#database.prepare(
      "SELECT rowid AS row, rank FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT ?",
    );
    this.#document = this.#database.prepare("SELECT document FROM passages WHERE row = ?");
    this.#page = this.#database.prepare(
      "SELECT document FROM passages WHERE row > ? ORDER BY row LIMIT ?",
    );
  }

  /** The passages that share words with a query, by BM25 (k1 1.2, b 0.75), best first. */
  match(query: string, topk: number): Ranked[] {
    const expression = matchExpression(query);
    if (expression === undefined) return [];
    return this.#match
      .all(expression, topk)
      .map((found) => ({ row: numberIn(found, "row"), score: -numberIn(found, "rank") }));
  }

  /** The passage of a row, as JSON. */
  document(row: number): string {
    return textIn(this.#document.get(row), "document");
  }

  /** The next passages after a row, as JSON. */
  page(after: number, count: number): string[] {
    return this.#page.all(after, count).map((found) => textIn(found, "document"));
  }

  close(): void {
    this.#database.close();
  }
}

function numberIn(row: unknown, column: string): number {
  return Number((row as Readonly<Record<string, unknown>>)[column]);
}

function textIn(row: unknown, column: string): string {
  return String((row as Readonly<Record<string, unknown>>)[column]);
}
