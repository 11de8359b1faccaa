import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ADDON_PATH, loadAddon } from "../../../src/native/addon.ts";
import { shmPath } from "../../../src/server/shm-path.ts";
import { Pace } from "../../../src/transport/pace.ts";
import { listenShm, type ShmListening } from "../../../src/transport/shm.ts";
import type { Receive } from "../../../src/transport/transport.ts";
import { ShmPeer } from "../../fixtures/shm-peers.ts";

const addon = loadAddon();
const nextTurn = setImmediate;

/** Expects the next frame as long as it is told to. */
class SetPace extends Pace {
  expects = false;

  override get isExpecting(): boolean {
    return this.expects;
  }
}

const echo: Receive = (frame, reply) => reply(frame);

describe.skipIf(addon instanceof Error)("listenShm", () => {
  let listening: ShmListening | undefined;
  let peers: ShmPeer[];

  beforeEach(() => {
    peers = [];
  });

  afterEach(async () => {
    for (const peer of peers) peer.close();
    await listening?.transport.close();
    vi.restoreAllMocks();
  });

  function listen(receive: Receive, pace?: Pace): ShmListening {
    if (addon instanceof Error) throw addon;
    listening = listenShm(addon, shmPath("unix:///tmp/gem-test"), receive, pace);
    return listening;
  }

  function connect(options?: ConstructorParameters<typeof ShmPeer>[1]): ShmPeer {
    if (listening === undefined) throw new Error("Nobody listens.");
    const peer = new ShmPeer(listening.offer, options);
    peers.push(peer);
    return peer;
  }

  async function ask(peer: ShmPeer, length = 8): Promise<void> {
    peer.send(Buffer.alloc(length, 7));
    expect((await peer.next()).equals(Buffer.alloc(length, 7))).toBe(true);
  }

  it("asks for no turn of the loop while clients are silent", async () => {
    const pace = new SetPace();
    listen(echo, pace);
    const peer = connect();
    await ask(peer);
    const asked = vi.spyOn(globalThis, "setImmediate");
    await turns(100);
    expect(asked).not.toHaveBeenCalled();
    await ask(peer);
    // A machine that is busy elsewhere may spread serving it over further turns.
    await turns(20);
    asked.mockClear();
    await turns(100);
    expect(asked).not.toHaveBeenCalled();
  });

  it("looks in every turn while it expects a frame, and sleeps afterwards", async () => {
    const pace = new SetPace();
    listen(echo, pace);
    const peer = connect();
    await ask(peer);
    const asked = vi.spyOn(globalThis, "setImmediate");
    pace.expects = true;
    await ask(peer);
    asked.mockClear();
    await turns(100);
    expect(asked.mock.calls.length).toBeGreaterThan(90);
    pace.expects = false;
    await turns(2);
    asked.mockClear();
    await turns(100);
    expect(asked).not.toHaveBeenCalled();
    await ask(peer);
  });

  it("sends a reply that is ready only while it sleeps, also one longer than the memory", async () => {
    const held: (() => void)[] = [];
    listen((_, reply) => held.push(() => reply(Buffer.alloc(3_000_000, 9))), new SetPace());
    const peer = connect();
    peer.send(Buffer.alloc(1));
    await until(() => held.length === 1);
    await turns(10);
    held[0]?.();
    expect((await peer.next()).equals(Buffer.alloc(3_000_000, 9))).toBe(true);
  });

  it("lets promises go on while it expects the next frame", async () => {
    const pace = new SetPace();
    pace.expects = true;
    listen((frame, reply) => void Promise.resolve().then(() => reply(frame)), pace);
    const peer = connect();
    for (let i = 0; i < 20; i++) await ask(peer);
  });

  it("lets timers go on while a client sends without a pause", async () => {
    let left = 200_000;
    let served = 0;
    listen((frame, reply) => {
      served += 1;
      reply(frame);
    });
    const child = startClient(`
      for (let i = 0; i < ${left}; i++) { client.send(frame); client.receive(); }
    `);
    await until(() => served > 0);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await once(child, "exit");
    clearInterval(timer);
    left -= served;
    expect(left).toBe(0);
    expect(ticks).toBeGreaterThan(10);
  });

  it("keeps frames whole that are looked at later", async () => {
    const frames: Buffer[] = [];
    listen((frame, reply) => {
      frames.push(frame);
      reply(Buffer.alloc(0));
    });
    const peer = connect();
    const sent = Array.from({ length: 300 }, (_, i) => Buffer.alloc((i * 397) % 20_000, i));
    peer.send(...sent);
    const replies = sent.map(() => peer.next());
    await Promise.all(replies);
    expect(frames.map((frame, i) => frame.equals(sent[i] ?? Buffer.alloc(0)))).not.toContain(false);
  });

  it("cuts off a client that takes no frame as long as the reply, and nobody else", async () => {
    listen((frame, reply) => reply(frame.length === 1 ? Buffer.alloc(5000) : frame));
    const small = connect({ maxMessage: 4096 });
    const other = connect();
    await ask(other);
    small.send(Buffer.alloc(1));
    expect(await small.ended).toBe("GEM_SERVER_LOST");
    await ask(other);
  });

  it("refuses a client that does not know the token", async () => {
    const { offer } = listen(echo);
    const stranger = new ShmPeer({ ...offer, token: Buffer.alloc(16) });
    expect(await stranger.ended).toBe("GEM_UNAVAILABLE");
    await ask(connect());
  });

  it("takes no further frame once it is closed within one", async () => {
    let received = 0;
    const { transport } = listen((frame, reply) => {
      received += 1;
      if (received === 3) void transport.close();
      reply(frame);
    });
    const peer = connect();
    for (let i = 0; i < 50; i++) peer.send(Buffer.alloc(8));
    expect(await peer.ended).toBe("GEM_SERVER_LOST");
    expect(received).toBe(3);
  });

  it("survives clients that are killed at any moment, and keeps nothing of them", async () => {
    let served = 0;
    listen((frame, reply) => {
      served += 1;
      reply(frame);
    });
    const peer = connect();
    await ask(peer);
    const before = openDescriptors();
    for (let i = 0; i < 8; i++) {
      const start = served;
      const child = startClient(
        "for (;;) { client.send(frame); if (Math.random() < 0.5) client.receive(); }",
        i % 2 === 0 ? 100 : 1_000_000,
      );
      await until(() => served > start + i);
      child.kill("SIGKILL");
      await once(child, "exit");
      await ask(peer);
    }
    await until(() => openDescriptors() <= before);
    await ask(peer, 70_000);
  });

  /** A client in a process of its own, with `client` and a `frame` of so many bytes. */
  function startClient(body: string, length = 100): ReturnType<typeof spawn> {
    if (listening === undefined) throw new Error("Nobody listens.");
    const { path, token } = listening.offer;
    const program = `
      const { ShmClient } = require(${JSON.stringify(ADDON_PATH)});
      const token = Buffer.from("${Buffer.from(token).toString("hex")}", "hex");
      const client = new ShmClient(${JSON.stringify(path)}, token);
      const frame = Buffer.alloc(${length});
      ${body}`;
    return spawn(process.execPath, ["-e", program], { stdio: ["ignore", "ignore", "inherit"] });
  }
});

/** Descriptors of this process, where the system lists them. */
function openDescriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => nextTurn(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}
