import { StoreReader, type Ranked } from "../index/store.ts";
import { scan, type Segments } from "../vectors/segments.ts";

/** Work that takes too long for the thread that serves. */
export type Job =
  | { readonly kind: "match"; readonly queries: readonly string[]; readonly topk: number }
  | { readonly kind: "documents"; readonly rows: readonly number[] }
  | {
      readonly kind: "scan";
      readonly queries: Float32Array;
      readonly topk: number;
      readonly begin: number;
      readonly end: number;
    };

/** What each kind of job gives: ranked rows for each query, or documents as JSON in the order of the rows. */
export interface JobResults {
  readonly match: readonly (readonly Ranked[])[];
  readonly scan: readonly (readonly Ranked[])[];
  readonly documents: readonly string[];
}

/** What jobs need. */
export interface JobContext {
  /** The SQLite file. */
  readonly store: string;
  readonly segments?: Segments | undefined;
}

/** Does jobs, whatever thread it is in. */
export class JobRunner {
  readonly #context: JobContext;
  readonly #reader: StoreReader;

  constructor(context: JobContext) {
    this.#context = context;
    this.#reader = new StoreReader(context.store);
  }

  run(job: Job): JobResults[Job["kind"]] {
    switch (job.kind) {
      case "match":
        return job.queries.map((query) => this.#reader.match(query, job.topk));
      case "documents":
        return job.rows.map((row) => this.#reader.document(row));
      case "scan": {
        const { segments } = this.#context;
        if (segments === undefined) return [];
        return scan(segments, job.queries, job.topk, job.begin, job.end);
      }
    }
  }

  close(): void {
    this.#reader.close();
  }
}

/** Runs jobs somewhere. */
export interface Executor {
  /** How many jobs run at once. */
  readonly size: number;
  /** @throws GEM_LIMIT when too many wait, GEM_INTERNAL, or the signal's reason */
  run<K extends Job["kind"]>(
    job: Extract<Job, { kind: K }>,
    signal: AbortSignal,
  ): Promise<JobResults[K]>;
  close(): Promise<void>;
}

/** Runs jobs in this thread, for programs that have nothing else to do. */
export class InlineExecutor implements Executor {
  readonly size = 1;
  readonly #runner: JobRunner;

  constructor(context: JobContext) {
    this.#runner = new JobRunner(context);
  }

  async run<K extends Job["kind"]>(
    job: Extract<Job, { kind: K }>,
    signal: AbortSignal,
  ): Promise<JobResults[K]> {
    signal.throwIfAborted();
    return await Promise.resolve(this.#runner.run(job) as JobResults[K]);
  }

  close(): Promise<void> {
    this.#runner.close();
    return Promise.resolve();
  }
}
