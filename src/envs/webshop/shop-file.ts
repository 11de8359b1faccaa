import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { openDatabase, type Database, type Statement } from "../../data/sqlite/database.ts";
import { indexedText, matchExpression } from "../../data/sqlite/terms.ts";
import { GemError } from "../../errors.ts";
import { searchText, storedGoal, storedProduct, type Goal, type Product } from "./record.ts";

/** Which customers. */
export type Split = "train" | "test";

const VERSION = 1;
const FAST_WRITES = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;";
const TABLES = `
  CREATE TABLE products (row INTEGER PRIMARY KEY, asin TEXT NOT NULL UNIQUE, product TEXT NOT NULL);
  CREATE TABLE goals (
    split TEXT NOT NULL, idx INTEGER NOT NULL, weight REAL NOT NULL, goal TEXT NOT NULL, PRIMARY KEY (split, idx)
  );
  CREATE VIRTUAL TABLE terms USING fts5 (
    contents, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
  );
  PRAGMA user_version = ${VERSION};`;
const COMMIT_EVERY = 20_000;
const TOP_RESULTS = 50;
/** Queries whose results are kept: the steps after a search come back to them. */
const KEPT_QUERIES = 512;

/** Writes a shop's file: products, the words they are found by, and goals. It is there when `finish` has returned, and not before. */
export class ShopWriter {
  readonly #path: string;
  readonly #partial: string;
  readonly #database: Database;
  readonly #product: Statement;
  readonly #terms: Statement;
  readonly #goal: Statement;
  #rows = 0;
  readonly #goals: Record<Split, number> = { train: 0, test: 0 };

  constructor(path: string) {
    this.#path = path;
    this.#partial = `${path}.${randomUUID()}.partial`;
    mkdirSync(dirname(path), { recursive: true });
    this.#database = openDatabase(this.#partial, "write");
    this.#database.exec(FAST_WRITES);
    this.#database.exec(TABLES);
    this.#product = this.#database.prepare("INSERT OR IGNORE INTO products VALUES (?, ?, ?)");
    this.#terms = this.#database.prepare("INSERT INTO terms (rowid, contents) VALUES (?, ?)");
    this.#goal = this.#database.prepare("INSERT INTO goals VALUES (?, ?, ?, ?)");
    this.#database.exec("BEGIN");
  }

  /** How much has been written. */
  get counts(): { readonly products: number; readonly train: number; readonly test: number } {
    return { products: this.#rows, ...this.#goals };
  }

  /** Adds a product whose asin is new. */
  addProduct(product: Product): void {
    this.#rows += 1;
    this.#product.run(this.#rows, product.asin, JSON.stringify(product));
    this.#terms.run(this.#rows, indexedText(searchText(product)));
    if (this.#rows % COMMIT_EVERY === 0) this.#database.exec("COMMIT; BEGIN");
  }

  addGoal(split: Split, goal: Goal): void {
    this.#goal.run(split, this.#goals[split], goal.weight, JSON.stringify(goal));
    this.#goals[split] += 1;
  }

  finish(): void {
    this.#database.exec("COMMIT");
    this.#database.exec("INSERT INTO terms (terms) VALUES ('optimize')");
    this.#database.close();
    renameSync(this.#partial, this.#path);
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.#database.close();
    rmSync(this.#partial, { force: true });
  }
}

/** Goals of a split: how many, and their weights added up. */
export interface GoalTable {
  readonly count: number;
  /** Entry i: the weights of goals 0 … i. */
  readonly sums: Float64Array;
}

/** Reads a shop's file. */
export class ShopReader {
  readonly #database: Database;
  readonly #product: Statement;
  readonly #goal: Statement;
  readonly #match: Statement;
  readonly #tables = new Map<Split, GoalTable>();
  /** What the last queries found. */
  readonly #found = new Map<string, readonly string[]>();

  /** @throws GEM_UNAVAILABLE when it is no such file, or one of another version */
  constructor(path: string) {
    this.#database = openDatabase(path, "read");
    try {
      const [row] = this.#database.prepare("PRAGMA user_version").all();
      const version = Number(column(row, "user_version"));
      if (version !== VERSION) throw new Error(`it has version ${version}, not ${VERSION}`);
      this.#product = this.#database.prepare("SELECT product FROM products WHERE asin = ?");
      this.#goal = this.#database.prepare("SELECT goal FROM goals WHERE split = ? AND idx = ?");
      this.#match = this.#database.prepare(
        "SELECT products.asin AS asin FROM terms JOIN products ON products.row = terms.rowid WHERE terms MATCH ? ORDER BY terms.rank, terms.rowid LIMIT ?",
      );
    } catch (error) {
      this.#database.close();
      const why = error instanceof Error ? error.message : String(error);
      const message = `${path} is no shop that can be read: ${why}. Make it again by \`gem webshop build\`.`;
      throw new GemError("GEM_UNAVAILABLE", message);
    }
  }

  product(asin: string): Product | undefined {
    const row = this.#product.get(asin);
    return row === undefined ? undefined : storedProduct(String(column(row, "product")));
  }

  /** @throws GEM_INVALID_ARGUMENT when the split has no such goal */
  goal(split: Split, index: number): Goal {
    const row = this.#goal.get(split, index);
    if (row !== undefined) return storedGoal(String(column(row, "goal")));
    throw new GemError(
      "GEM_INVALID_ARGUMENT",
      `The split "${split}" of the shop has ${this.goals(split).count} goals; there is no goal ${index}.`,
    );
  }

  goals(split: Split): GoalTable {
    let table = this.#tables.get(split);
    if (table === undefined) {
      const rows = this.#database
        .prepare("SELECT weight FROM goals WHERE split = ? ORDER BY idx")
        .all(split);
      const sums = new Float64Array(rows.length);
      let sum = 0;
      rows.forEach((row, index) => (sums[index] = sum += Number(column(row, "weight"))));
      this.#tables.set(split, (table = { count: rows.length, sums }));
    }
    return table;
  }

  /** The asins of the 50 products that fit a query best, by BM25. */
  search(query: string): readonly string[] {
    const known = this.#found.get(query);
    if (known !== undefined) return known;
    const expression = matchExpression(query);
    const rows = expression === undefined ? [] : this.#match.all(expression, TOP_RESULTS);
    const asins = rows.map((row) => String(column(row, "asin")));
    const [oldest] = this.#found.keys();
    if (this.#found.size >= KEPT_QUERIES && oldest !== undefined) this.#found.delete(oldest);
    this.#found.set(query, asins);
    return asins;
  }

  close(): void {
    this.#database.close();
  }
}

function column(row: unknown, name: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[name];
}
