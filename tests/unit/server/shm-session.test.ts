import { randomBytes } from "node:crypto";
import { rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ADDON_PATH, loadAddon } from "../../../src/native/addon.ts";
import { decode, encode } from "../../../src/protocol/codec.ts";
import type { ShmOffer } from "../../../src/transport/shm.ts";
import { connectPeer, type Peer } from "../../fixtures/peers.ts";
import { ShmPeer } from "../../fixtures/shm-peers.ts";
import { buildSources, newFolder } from "../cli/build-sources.ts";
import { GemProcess } from "../cli/gem-process.ts";

let folder: string;
let session: Buffer;
let peers: Peer[];
let server: GemProcess | undefined;

beforeEach(() => {
  folder = newFolder();
  session = randomBytes(8);
  peers = [];
});

afterEach(async () => {
  for (const peer of peers) peer.close();
  server?.child.kill("SIGKILL");
  await server?.outcome();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a server of the sources as they are now, and gives its workers' addresses. */
async function serve(workers: number): Promise<string[]> {
  const build = buildSources(join(folder, "dist"));
  const args = ["serve", "--workers", String(workers)];
  server = new GemProcess(join(build, "cli", "main.js"), args);
  return (await server.announcement()).endpoints;
}

function open(address: string): Peer {
  const peer = connectPeer(address);
  peers.push(peer);
  return peer;
}

/** The value of the result of a call. */
async function call(peer: Peer, n: number, method: string, params: unknown[]): Promise<unknown> {
  peer.send(encode([0, session, n, method, params]));
  const [kind, answered, value] = decode(await peer.next()) as [number, number, unknown];
  expect([kind, answered]).toEqual([0, n]);
  return value;
}

const hello = [1, randomBytes(16), { pid: process.pid }];

describe.skipIf(loadAddon() instanceof Error)("a worker with the addon", () => {
  it("lets a session go on through shared memory, and answers where the newest frame came from", async () => {
    symlinkSync(dirname(ADDON_PATH), join(folder, "native"));
    const [address = ""] = await serve(1);
    const socket = open(address);
    const { shm } = (await call(socket, 1, "hello", hello)) as { shm: ShmOffer };
    const peer = new ShmPeer(shm);
    peers.push(peer);
    const list = await call(peer, 2, "list", []);
    expect(await call(socket, 2, "list", [])).toEqual(list);
    socket.close();
    expect(await call(peer, 3, "list", [])).toEqual(list);
  });

  it("ends at once when it is asked to, and its clients notice", async () => {
    symlinkSync(dirname(ADDON_PATH), join(folder, "native"));
    const [address = ""] = await serve(1);
    const { shm } = (await call(open(address), 1, "hello", hello)) as { shm: ShmOffer };
    const peer = new ShmPeer(shm);
    peers.push(peer);
    await call(peer, 2, "list", []);
    server?.child.kill("SIGTERM");
    expect(await peer.ended).toBe("GEM_SERVER_LOST");
    expect(await server?.outcome()).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a worker without the addon", () => {
  it("offers no shared memory, and one of a server's workers notes why", async () => {
    for (const [index, address] of (await serve(2)).entries()) {
      session = randomBytes(8);
      const answer = await call(open(address), 1, "hello", hello);
      expect(answer).toMatchObject({ worker: index });
      expect(answer).not.toHaveProperty("shm");
    }
    server?.child.kill("SIGTERM");
    const { stderr } = (await server?.outcome()) ?? { stderr: "" };
    const notes = stderr.trim().split("\n");
    expect(notes.map((note) => JSON.parse(note) as unknown)).toEqual([
      expect.objectContaining({
        level: "info",
        worker: 0,
        message: "There is no shared memory; frames go over sockets.",
        reason: expect.stringContaining(join(folder, "native")) as string,
      }),
    ]);
  });
});
