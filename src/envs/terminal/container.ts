/** How a command in a container ended. */
export interface ExecOutcome {
  /** Both streams together, at most so many bytes as were asked for; invalid UTF-8 is replaced. */
  readonly output: string;
  /** Bytes that were written, kept or not. */
  readonly bytes: number;
  /** 124 where the time was up. */
  readonly exitCode: number;
  readonly timedOut: boolean;
}

/** A command for a container. */
export interface ExecRequest {
  readonly command: string;
  readonly timeoutMs: number;
  /** Bytes of the output that are kept. */
  readonly keepBytes: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A running container. */
export interface Container {
  readonly name: string;
  /** @throws GEM_ENV_FAULT when the container runs no more */
  exec(request: ExecRequest): Promise<ExecOutcome>;
  /** Copies a file or a folder's content into a folder, which is made. @throws GEM_ENV_FAULT */
  copyIn(path: string, folder: string, signal: AbortSignal): Promise<void>;
  /** Ends and removes it; twice is fine. @throws GEM_ENV_FAULT when it is still there afterwards */
  remove(): Promise<void>;
}

/** What a container is made from. */
export interface ContainerPlan {
  /** The folder of a Dockerfile, and the Dockerfile's name in it; else an image's name. */
  readonly source:
    { readonly context: string; readonly dockerfile: string } | { readonly image: string };
  /** Whether an image that was built before is used as it is. */
  readonly noRebuild: boolean;
  /** What it runs; it should not end. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingFolder: string | undefined;
}

/** Something that runs containers. */
export interface ContainerBackend {
  /** @throws GEM_UNAVAILABLE when containers cannot be run, GEM_ENV_FAULT when this one cannot be built or started */
  start(plan: ContainerPlan, signal: AbortSignal): Promise<Container>;
}
