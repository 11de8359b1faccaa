/** How a host process is started. */
export interface HostCommand {
  /** What people call what it hosts, for messages and the log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory; default: this process's. */
  readonly cwd?: string;
}
