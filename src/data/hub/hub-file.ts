/** A file of a commit. */
export interface HubFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** The name of its blob: the SHA-256 of a large file, git's SHA-1 of another. */
  readonly etag: string;
  /** git's SHA-1 of it, or of what stands for a large file. */
  readonly blobId: string;
  readonly isLarge: boolean;
  /** The hash of the hub's storage, kept for huggingface_hub. */
  readonly xetHash?: string | undefined;
}
