import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectRaw, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadAddon } from "../../src/native/addon.ts";
import { LIMITS } from "../../src/protocol/messages.ts";
import { shmPath } from "../../src/server/shm-path.ts";
import { choosePorts } from "../../src/server/tcp-ports.ts";
import { InlineTransport } from "../../src/transport/inline.ts";
import { listenShm } from "../../src/transport/shm.ts";
import type { Gone, Receive, Reply, Transport } from "../../src/transport/transport.ts";
import { listenUnix } from "../../src/transport/unix.ts";
import { listenZmq } from "../../src/transport/zmq.ts";
import { Inbox, connectPeer, lengthHeader, type Peer } from "../fixtures/peers.ts";
import { ShmPeer } from "../fixtures/shm-peers.ts";

interface Subject {
  readonly transport: Transport;
  connect(): Peer;
}

interface Kind {
  readonly name: string;
  open(receive: Receive, gone?: Gone): Promise<Subject>;
}

let folder: string;
/** Sockets opened so far: each has a path of its own. */
let opened = 0;

const unix: Kind = {
  name: "unix",
  async open(receive, gone) {
    const address = `unix://${join(folder, `u${String(opened++)}`)}`;
    const transport = await listenUnix(address, receive, gone);
    return { transport, connect: () => connectPeer(transport.address) };
  },
};

const ipc: Kind = {
  name: "ipc",
  async open(receive, gone) {
    const address = `ipc://${join(folder, `i${String(opened++)}`)}`;
    const transport = await listenZmq(address, receive, { gone });
    return { transport, connect: () => connectPeer(transport.address) };
  },
};

const tcp: Kind = {
  name: "tcp",
  async open(receive, gone) {
    const [port] = await choosePorts("127.0.0.1", 0, 1);
    const transport = await listenZmq(`tcp://127.0.0.1:${String(port)}`, receive, { gone });
    return { transport, connect: () => connectPeer(transport.address) };
  },
};

const inline: Kind = {
  name: "inline",
  open(receive, gone) {
    const transport = new InlineTransport(receive, gone);
    const connect = (): Peer => {
      const inbox = new Inbox();
      const peer = transport.connect((frame) => inbox.put(frame));
      return { ...peer, next: () => inbox.next() };
    };
    return Promise.resolve({ transport, connect });
  },
};

const addon = loadAddon();

/** Where it has been built. */
const shm: Kind[] =
  addon instanceof Error
    ? []
    : [
        {
          name: "shm",
          open(receive, gone) {
            const path = shmPath(`unix://${folder}/0`);
            const { transport, offer } = listenShm(addon, path, receive, undefined, gone);
            return Promise.resolve({ transport, connect: () => new ShmPeer(offer) });
          },
        },
      ];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-test-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const echo: Receive = (frame, reply) => reply(frame);

describe.each([inline, unix, ipc, tcp, ...shm])("the $name transport", (kind) => {
  let subject: Subject;
  let peers: Peer[];
  let received: Buffer[];

  beforeEach(async () => {
    peers = [];
    received = [];
    subject = await kind.open((frame, reply) => {
      received.push(frame);
      echo(frame, reply);
    });
  });

  afterEach(async () => {
    for (const peer of peers) peer.close();
    await subject.transport.close();
  });

  function connect(): Peer {
    const peer = subject.connect();
    peers.push(peer);
    return peer;
  }

  it("keeps the order of one peer's frames", async () => {
    const peer = connect();
    for (let i = 0; i < 2000; i++) peer.send(numbered(i));
    for (let i = 0; i < 2000; i++) expect((await peer.next()).readUInt32BE()).toBe(i);
  });

  it.each([0, 1, 127, 128, 129, 8192, 1_048_577, LIMITS.frameBytes])(
    "carries a frame of %i bytes",
    async (length) => {
      const peer = connect();
      const frame = Buffer.alloc(length, 0xa5);
      peer.send(frame);
      const answer = await peer.next();
      expect(answer.length).toBe(length);
      expect(answer.equals(frame)).toBe(true);
    },
  );

  it("cuts off a peer whose frame is above the limit, and only that one", async () => {
    const offender = connect();
    const other = connect();
    offender.send(numbered(1));
    await offender.next();
    offender.send(Buffer.alloc(LIMITS.frameBytes + 1));
    for (let i = 0; i < 100; i++) {
      other.send(numbered(i));
      expect((await other.next()).readUInt32BE()).toBe(i);
    }
    expect(received.every((frame) => frame.length === 4)).toBe(true);
  });

  it("answers each of many peers", async () => {
    const many = Array.from({ length: 64 }, connect);
    for (let round = 0; round < 10; round++) {
      many.forEach((peer, index) => peer.send(numbered(1000 * round + index)));
      for (const [index, peer] of many.entries()) {
        expect((await peer.next()).readUInt32BE()).toBe(1000 * round + index);
      }
    }
  });

  it("goes on when a peer leaves without reading its replies", async () => {
    const leaver = connect();
    const other = connect();
    for (let i = 0; i < 1000; i++) leaver.send(Buffer.alloc(10_000));
    leaver.close();
    other.send(numbered(1));
    expect((await other.next()).readUInt32BE()).toBe(1);
  });

  it("replies later, and to more than one frame at once", async () => {
    const held: (() => void)[] = [];
    const slow = await kind.open((frame, reply) => held.push(() => reply(frame)));
    const peer = slow.connect();
    for (let i = 0; i < 3; i++) peer.send(numbered(i));
    await until(() => held.length === 3);
    for (const release of held.reverse()) release();
    const answers = [await peer.next(), await peer.next(), await peer.next()];
    expect(answers.map((answer) => answer.readUInt32BE())).toEqual([2, 1, 0]);
    peer.close();
    await slow.transport.close();
  });

  it("tells who is gone after that one's last frame, and of nobody else", async () => {
    const events: [string, Reply][] = [];
    const watched = await kind.open(
      (frame, reply) => {
        events.push([frame.toString(), reply]);
        reply(frame);
      },
      (peer) => events.push(["gone", peer]),
    );
    const [leaver, stayer] = [watched.connect(), watched.connect()];
    for (const [peer, text] of [
      [leaver, "one"],
      [stayer, "two"],
      [leaver, "three"],
    ] as const) {
      peer.send(Buffer.from(text));
      await peer.next();
    }
    leaver.close();
    await until(() => events.length === 4);
    expect(events.map(([text]) => text)).toEqual(["one", "two", "three", "gone"]);
    const [one, two, three, gone] = events.map(([, peer]) => peer);
    expect([three, gone]).toEqual([one, one]);
    expect(two).not.toBe(one);
    stayer.close();
    await watched.transport.close();
  });

  it("receives nothing any more once it is closed, and closes twice", async () => {
    const peer = connect();
    peer.send(numbered(1));
    await peer.next();
    await subject.transport.close();
    await subject.transport.close();
    peer.send(numbered(2));
    expect(received).toHaveLength(1);
  });
});

describe.each([ipc, tcp])("the $name transport", (kind) => {
  let subject: Subject;

  beforeEach(async () => {
    subject = await kind.open(echo);
  });

  afterEach(() => subject.transport.close());

  /** That the transport still answers somebody else. */
  async function expectAlive(): Promise<void> {
    const peer = subject.connect();
    peer.send(numbered(7));
    expect((await peer.next()).readUInt32BE()).toBe(7);
    peer.close();
  }

  it("drops messages of more than one payload frame", async () => {
    const peer = connectPeer(subject.transport.address);
    peer.send(numbered(1), numbered(2));
    peer.send(Buffer.alloc(0), numbered(3));
    peer.send(numbered(4));
    expect((await peer.next()).readUInt32BE()).toBe(4);
    peer.close();
  });

  it("survives peers that speak no ZeroMQ", async () => {
    const noises = [
      Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
      Buffer.alloc(100_000, 0xff),
      zmtpGreeting().subarray(0, 20),
      Buffer.concat([zmtpGreeting(), Buffer.alloc(1000, 0x04)]),
    ];
    const peers = await Promise.all(noises.map(() => connectTo(subject.transport.address)));
    peers.forEach((raw, index) => raw.write(noises[index] ?? Buffer.alloc(0)));
    await expectAlive();
    for (const raw of peers) raw.destroy();
    await expectAlive();
  });

  it("cuts off at its header a frame that says it has a gigabyte", async () => {
    const raw = await connectTo(subject.transport.address);
    raw.write(Buffer.concat([zmtpGreeting(), zmtpReady(), zmtpLongFrame(2 ** 30)]));
    await once(raw, "close");
    await expectAlive();
  });

  it("survives a process that is killed while it sends", async () => {
    const script = `
      import { Dealer } from "zeromq";
            const socket = new Dealer({ sendHighWaterMark: 0 });
      socket.connect(${JSON.stringify(subject.transport.address)});
      await socket.send(Buffer.alloc(8));
      await socket.receive();
      for (let i = 0; i < 20; i++) await socket.send(Buffer.alloc(4_000_000));
      console.log("sending");
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    await expectAlive();
  });
});

describe("the unix transport", () => {
  let subject: Subject;

  beforeEach(async () => {
    subject = await unix.open(echo);
  });

  afterEach(() => subject.transport.close());

  it("cuts off at its header a frame that says it has a gigabyte, and nobody else", async () => {
    const other = subject.connect();
    const raw = await connectTo(subject.transport.address);
    raw.resume().write(lengthHeader(2 ** 30));
    await once(raw, "close");
    other.send(numbered(7));
    expect((await other.next()).readUInt32BE()).toBe(7);
    other.close();
  });

  it("says when an address is taken", async () => {
    await expect(listenUnix(subject.transport.address, echo)).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });
});

describe("listenZmq", () => {
  it("refuses an address that other machines can reach", async () => {
    await expect(listenZmq("tcp://0.0.0.0:5000", echo)).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
    });
  });

  it("says when an address is taken", async () => {
    const first = await tcp.open(echo);
    await expect(listenZmq(first.transport.address, echo)).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await first.transport.close();
  });
});

function numbered(n: number): Buffer {
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(n);
  return frame;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function connectTo(address: string): Promise<Socket> {
  const url = /^tcp:\/\/(.+):(\d+)$/.exec(address);
  const socket =
    url === null
      ? connectRaw(address.slice(address.indexOf("://") + 3))
      : connectRaw(Number(url[2]), url[1]);
  socket.on("error", () => undefined);
  socket.resume();
  await once(socket, "connect");
  return socket;
}

/** ZMTP 3.0, mechanism NULL. */
function zmtpGreeting(): Buffer {
  const greeting = Buffer.alloc(64);
  greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]);
  greeting.write("NULL", 12);
  return greeting;
}

function zmtpReady(): Buffer {
  const body = Buffer.from("\x05READY\x0bSocket-Type\0\0\0\x06DEALER", "latin1");
  return Buffer.concat([Buffer.from([0x04, body.length]), body]);
}

function zmtpLongFrame(length: number): Buffer {
  const header = Buffer.alloc(9);
  header.writeUInt8(0x02, 0);
  header.writeBigUInt64BE(BigInt(length), 1);
  return header;
}
