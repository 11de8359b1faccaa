import type { DataFile } from "./formats/format.ts";

/** Files that make a dataset. */
export interface Source {
  /** What it is, for messages. */
  readonly title: string;
  readonly files: readonly DataFile[];
}

/** How far a download is, in bytes. */
export interface DownloadProgress {
  readonly done: number;
  readonly total: number;
}

/** Who watches a load, and can stop it. */
export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}
