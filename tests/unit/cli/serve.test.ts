import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, statSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectPeer } from "../../fixtures/peers.ts";
import { decode, encode } from "../../../src/protocol/codec.ts";
import { GemProcess } from "./gem-process.ts";
import { Serving } from "./serving.ts";

const serving = new Serving();

const serve = serving.serve.bind(serving);

/** What `hello` says at an address. */
async function hello(address: string): Promise<unknown> {
  const peer = connectPeer(address);
  peer.send(encode([0, randomBytes(8), 1, "hello", [1, randomBytes(16), { pid: process.pid }]]));
  const frame = await peer.next();
  peer.close();
  const [kind, , value] = decode(frame) as [number, number, unknown];
  expect(kind).toBe(0);
  return value;
}

/** The lines of a log that are no notes. */
function complaints(log: string): string[] {
  return log.split("\n").filter((line) => line !== "" && !line.includes('"level":"info"'));
}

describe("gem serve", () => {
  it("announces its addresses, and every worker answers at its own", async () => {
    const server = serve();
    const { version, pid, endpoints } = await server.announcement();
    expect([version, pid]).toEqual([1, server.child.pid]);
    expect(endpoints).toHaveLength(2);
    for (const [worker, address] of endpoints.entries()) {
      expect(await hello(address)).toMatchObject({ version, pid, worker, endpoints });
    }
  });

  it("listens in a folder that only its user can enter", async () => {
    const { endpoints } = await serve().announcement();
    const path = dirname(endpoints[0]?.slice("unix://".length) ?? "");
    expect(dirname(path)).toBe(serving.folder);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it("listens on loopback ports", async () => {
    const { endpoints } = await serve(["--transport", "tcp", "--workers", "3"]).announcement();
    expect(endpoints).toHaveLength(3);
    expect(new Set(endpoints).size).toBe(3);
    for (const address of endpoints) expect(address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    await hello(endpoints[2] ?? "");
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends cleanly on %s, and writes nothing but the one line and notes",
    async (signal) => {
      const server = serve();
      const announcement = await server.announcement();
      await hello(announcement.endpoints[1] ?? "");
      server.child.kill(signal);
      const { code, stdout, stderr } = await server.outcome();
      expect([code, stdout]).toEqual([0, `${JSON.stringify(announcement)}\n`]);
      expect(complaints(stderr)).toEqual([]);
      expect(readdirSync(serving.folder)).toEqual([]);
    },
  );

  it("ends when standard input closes, if it has a parent", async () => {
    const server = serve(["--parent-pid", String(process.pid)]);
    await server.announcement();
    server.child.stdin.end();
    const { code, stderr } = await server.outcome();
    expect([code, complaints(stderr)]).toEqual([0, []]);
    expect(readdirSync(serving.folder)).toEqual([]);
  });

  it("ends with its parent even when somebody else keeps standard input open", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      const args = [${JSON.stringify(serving.main)}, "serve", "--parent-pid", String(process.pid)];
      spawn(process.execPath, args, { stdio: ["inherit", "inherit", "inherit"], detached: true });
      setInterval(() => {}, 1000);
    `;
    // A pipe that we hold open at both ends.
    const pipe = join(serving.folder, "stdin");
    spawnSync("mkfifo", [pipe]);
    const stdin = openSync(pipe, "r+");
    const parent = spawn(process.execPath, ["-e", script], {
      stdio: [stdin, "pipe", "inherit"],
      env: { ...process.env, TMPDIR: serving.folder, GEM_WORKERS: "1" },
    });
    const { stdout } = parent;
    if (stdout === null) throw new Error("The parent has no standard output.");
    const [line] = (await once(stdout, "data")) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ version: 1 });
    parent.kill("SIGKILL");
    // The server holds the other end of this pipe: it closes when the server is gone.
    await once(stdout, "close");
    closeSync(stdin);
    expect(readdirSync(serving.folder)).toEqual(["stdin"]);
  });

  it("removes what a killed server left behind", async () => {
    const killed = serve();
    await killed.announcement();
    killed.child.kill("SIGKILL");
    await killed.outcome();
    expect(readdirSync(serving.folder)).toHaveLength(1);
    const server = serve();
    const { pid } = await server.announcement();
    while (readdirSync(serving.folder).length > 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(readdirSync(serving.folder)[0]).toMatch(new RegExp(`^gem-${String(pid)}-`));
  });

  it("ends with the reason in its log when an address is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const server = serve(["--transport", "tcp", "--port", String(port), "--workers", "1"]);
    const { code, stdout, stderr } = await server.outcome();
    other.close();
    expect([code, stdout]).toEqual([1, ""]);
    expect(JSON.parse(stderr)).toMatchObject({
      level: "error",
      message: "Worker 0 could not start; the server ends.",
      error: expect.stringContaining("Address already in use") as string,
    });
  });

  it.each([
    [["--workers", "0"], '--workers must be an integer from 1 to 256, got "0".'],
    [["--transport", "udp"], '--transport must be one of unix, ipc, tcp, got "udp".'],
    [["--port", "x"], '--port must be an integer from 0 to 65535, got "x".'],
    [["--transport", "tcp", "--host", "0.0.0.0"], "can be reached from other machines"],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await serve(args).outcome();
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("refuses a GEM_WORKERS that is no number", async () => {
    const { code, stderr } = await serve([], { GEM_WORKERS: "many" }).outcome();
    expect([code, stderr]).toEqual([
      2,
      'gem: GEM_WORKERS must be an integer from 1 to 256, got "many".\n',
    ]);
  });
});

describe("gem list", () => {
  it("prints every id", async () => {
    const { code, stdout } = await new GemProcess(serving.main, ["list"]).outcome();
    expect(code).toBe(0);
    expect(stdout.split("\n")).toContain("game:GuessTheNumber-v0-easy");
  });

  it("prints classes and options as JSON", async () => {
    const { stdout } = await new GemProcess(serving.main, ["list", "--json"]).outcome();
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({
        id: "game:GuessTheNumber-v0-easy",
        className: "GuessTheNumberEnv",
      }),
    );
  });
});
