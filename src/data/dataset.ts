/** Rows of a table in some order. A dataset is a view: the columns are shared by all views, and only the order is its own. */
/** A row as plain data: bytes are `Uint8Array`s, integers beyond 2^53 are bigints, what is missing is null. */
export type Row = Readonly<Record<string, unknown>>;

/** The order of a view, small enough to be kept with a trainer's state; it holds no rows. */
export interface DatasetState {
  readonly length: number;
  /** What led to the order, first to last: seeds of shuffles (decimal), and selections. */
  readonly order: readonly (string | readonly number[])[];
}

/** Rows in some order. */
export interface Dataset {
  readonly length: number;
  readonly columns: readonly string[];
  /** A row, decoded. @throws GEM_INVALID_ARGUMENT when the index is not one of 0 … length - 1 */
  at(index: number): Row;
  /** One value of a row. @throws GEM_INVALID_ARGUMENT for the index, GEM_INVALID_OPTION for the column */
  value(index: number, column: string): unknown;
  /** The values of a column in order, decoded one by one. @throws GEM_INVALID_OPTION when there is no such column */
  column(name: string): Iterable<unknown>;
  /** The view with these rows of this one. @throws GEM_INVALID_ARGUMENT when an index is not one of 0 … length - 1 */
  select(indices: readonly number[]): Dataset;
  /** The view in the order `numpy.random.default_rng(seed).permutation(length)` of this one. @throws GEM_INVALID_SEED */
  shuffle(seed: bigint): Dataset;
  /** How this view came from what was loaded. */
  toState(): DatasetState;
  /**
   * The view of what was loaded that a state describes, whatever the order of this one.
   *
   * @throws GEM_INVALID_STATE when it is none, or belongs to other data
   */
  fromState(state: unknown): Dataset;
}

/** What is to be loaded. */
export interface DatasetRequest {
  /** A repository of the hub, a path of a file, of a folder of files, or of a folder that `save_to_disk` wrote. */
  readonly name: string;
  /** One of the repository's configurations; its default where it has one. */
  readonly config?: string | undefined;
  /** The split; may be left out where there is one only. */
  readonly split?: string | undefined;
  /** A branch, tag or commit of the repository; `main` as a rule. */
  readonly revision?: string | undefined;
  /** The columns that are needed; all as a rule. */
  readonly columns?: readonly string[] | undefined;
}
