import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "../../../../src/sandbox/sandbox.ts";
import type { Escape } from "./escape.ts";
import { programOf } from "./escape.ts";

const TIMEOUT_MS = 4000;
const SECRET = "the secret";
const GRADER = "def grade(answer): return answer == 42\n";

/** What attempts are made against: files, sockets and a process of this machine, made for them. */
export class Host {
  private readonly folder = mkdtempSync(join(tmpdir(), "gem-escape-"));
  private readonly secret = join(this.folder, "secret.txt");
  private readonly grader = join(this.folder, "grader.py");
  private readonly abstract = `gem-escape-${String(process.pid)}`;
  private readonly servers: Server[] = [];
  private readonly victim = spawn("sleep", ["600"], {
    stdio: "ignore",
    env: { ...process.env, GEM_TEST_SECRET: SECRET },
  });
  private names: Readonly<Record<string, string>> = {};

  /** Makes everything; sandboxes are started afterwards, so that they could inherit it. */
  async open(): Promise<void> {
    process.env["GEM_TEST_SECRET"] = SECRET;
    writeFileSync(this.secret, SECRET);
    writeFileSync(this.grader, GRADER);
    const socket = join(this.folder, "socket");
    const port = await this.listen(0);
    await this.listen(socket);
    await this.listen(`\0${this.abstract}`);
    this.names = {
      folder: this.folder,
      secret: this.secret,
      grader: this.grader,
      abstract: this.abstract,
      socket,
      port: String(port),
      home: homedir(),
      server: String(process.pid),
      victim: String(this.victim.pid),
    };
  }

  /** Takes everything away. */
  close(): void {
    for (const server of this.servers) server.close();
    this.victim.kill("SIGKILL");
    rmSync(this.folder, { recursive: true });
  }

  /** Whether its files and its process are as they were. */
  isUnharmed(): boolean {
    const { exitCode, signalCode } = this.victim;
    return (
      readFileSync(this.secret, "utf8") === SECRET &&
      readFileSync(this.grader, "utf8") === GRADER &&
      exitCode === null &&
      signalCode === null
    );
  }

  /** Makes an attempt and gives what it, or what follows it, prints: ESCAPED when it succeeds. */
  async attempt(sandbox: Sandbox, { body, then, timeoutMs }: Escape): Promise<string> {
    const time = timeoutMs ?? TIMEOUT_MS;
    const first = await sandbox.run({ code: this.fill(body), timeoutMs: time });
    if (then === undefined) return first.stdout + first.stderr;
    // Twice, since a worker has two places in which programs run in turn.
    const code = this.fill(then);
    const next = await sandbox.run({ code, timeoutMs: TIMEOUT_MS });
    const last = await sandbox.run({ code, timeoutMs: TIMEOUT_MS });
    return next.stdout + next.stderr + last.stdout + last.stderr;
  }

  private fill(body: string): string {
    return programOf(body.replace(/\{(\w+)\}/g, (word, name: string) => this.names[name] ?? word));
  }

  private listen(where: number | string): Promise<number> {
    const server = createServer((socket) => socket.destroy());
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      const done = (): void => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      };
      if (typeof where === "number") server.listen(where, "127.0.0.1", done);
      else server.listen(where, done);
    });
  }
}
