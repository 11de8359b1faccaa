import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, curveKeyPair, type Observer } from "zeromq";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { choosePorts } from "../../../src/server/tcp-ports.ts";
import { AllowList } from "../../../src/transport/curve/allow-list.ts";
import { addKeys, makeKeys } from "../../../src/transport/curve/make-keys.ts";
import { Gate } from "../../../src/transport/curve/gate.ts";
import { encodeZ85 } from "../../../src/transport/curve/z85.ts";
import { listen } from "../../../src/transport/listen.ts";
import type { Reply, Transport } from "../../../src/transport/transport.ts";
import { until } from "../../fixtures/until.ts";

let folder: string;
let transport: Transport;
let received: string[];
let left: Reply[];
let troubles: unknown[];
let sockets: Dealer[];

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), "gem-test-")), "keys");
  makeKeys(folder, ["alice", "bob"]);
  [received, left, troubles, sockets] = [[], [], [], []];
  const [port] = await choosePorts("127.0.0.1", 0, 1);
  transport = await listen(
    `tcp://127.0.0.1:${String(port)}`,
    (frame, reply) => {
      received.push(frame.toString());
      reply(frame);
    },
    {
      keys: folder,
      gone: (peer) => left.push(peer),
      noteTrouble: (error) => troubles.push(error),
    },
  );
});

afterEach(async () => {
  for (const socket of sockets) socket.close();
  await transport.close();
  rmSync(join(folder, ".."), { recursive: true });
});

interface Keys {
  readonly public?: string;
  readonly secret?: string;
  readonly server?: string;
}

function keysOf(name: string): Keys {
  const lines = readFileSync(join(folder, `${name}.key`), "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => line.split(" "))) as Keys;
}

function client({ public: publicKey, secret, server }: Keys): Dealer {
  const socket = new Dealer({
    linger: 0,
    ...(publicKey === undefined
      ? {}
      : {
          curvePublicKey: publicKey,
          curveSecretKey: secret ?? null,
          curveServerKey: server ?? null,
        }),
  });
  sockets.push(socket);
  return socket;
}

async function echo(socket: Dealer, text: string): Promise<string> {
  await socket.send(text);
  const [frame] = await socket.receive();
  return String(frame);
}

/** Waits for something to happen to a client's connection; false when it is closed before. */
async function happens(socket: Dealer, type: string): Promise<boolean> {
  for await (const event of socket.events) if (event.type === type) return true;
  return false;
}

/** How the handshake of a client ends. */
async function handshake(keys: Keys): Promise<string> {
  const socket = client(keys);
  const { events }: { events: Observer } = socket;
  socket.connect(transport.address);
  await socket.send("let me in");
  for await (const event of events) {
    if (event.type === "handshake") return "welcome";
    if (event.type.startsWith("handshake:error")) return event.type;
  }
  return "closed";
}

/** An allow-list without a client, as an editor writes it. */
function strike(name: string): void {
  const path = join(folder, "allowed");
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(`${path}~`, lines.filter((line) => !line.endsWith(` ${name}`)).join("\n"));
  renameSync(`${path}~`, path);
}

describe("an endpoint with keys", () => {
  it("serves those on its list", async () => {
    for (const name of ["alice", "bob"]) {
      const socket = client(keysOf(name));
      socket.connect(transport.address);
      expect(await echo(socket, name)).toBe(name);
    }
  });

  it.each([
    ["without keys", "keyless", /^handshake:error:(?:protocol|other)$/],
    ["who is not on the list", "stranger", /^handshake:error:auth$/],
    ["with the wrong server's key", "misled", /^handshake:error:other$/],
  ])("turns away a client %s, and takes no frame of it", async (_, who, outcome) => {
    const pair = curveKeyPair();
    const stranger = { public: pair.publicKey, secret: pair.secretKey };
    const kinds: Record<string, Keys> = {
      stranger: { ...stranger, server: keysOf("alice").server ?? "" },
      misled: { ...keysOf("alice"), server: pair.publicKey },
    };
    expect(await handshake(kinds[who] ?? {})).toMatch(outcome);
    const friend = client(keysOf("alice"));
    friend.connect(transport.address);
    await echo(friend, "hello");
    expect(received).toEqual(["hello"]);
  });

  it("says nothing to strangers but that ZeroMQ speaks CURVE here", async () => {
    const { port } = new URL(transport.address.replace("tcp:", "http:"));
    const socket = connect(Number(port), "127.0.0.1");
    let said = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => (said = Buffer.concat([said, chunk])));
    const greeting = Buffer.alloc(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3]);
    greeting.write("NULL", 12, "latin1");
    socket.write(greeting);
    await once(socket, "close");
    const expected = Buffer.alloc(64);
    expected.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1]);
    expected.write("CURVE", 12, "latin1");
    expected[32] = 1;
    // It may have hung up before it had said even that.
    expect(expected.toString("hex")).toContain(said.toString("hex"));
  });

  it("lets in who is added while it runs", async () => {
    addKeys(folder, ["carol"]);
    expect(await handshake(keysOf("carol"))).toBe("welcome");
  });

  it("cuts off who is removed while connected, and the others come back", async () => {
    const [alice, bob] = [client(keysOf("alice")), client(keysOf("bob"))];
    for (const socket of [alice, bob]) {
      socket.connect(transport.address);
      await echo(socket, "before");
    }
    const refused = happens(alice, "handshake:error:auth");
    const isBack = happens(bob, "handshake");
    strike("alice");
    expect([await refused, await isBack]).toEqual([true, true]);
    await until(() => left.length === 2);
    alice.send("after").catch(() => undefined);
    expect(await echo(bob, "after bob")).toBe("after bob");
    expect(received).toEqual(["before", "before", "after bob"]);
  });

  it("lets nobody new in while the list cannot be read, and keeps those who are there", async () => {
    const alice = client(keysOf("alice"));
    alice.connect(transport.address);
    await echo(alice, "before");
    writeFileSync(join(folder, "allowed"), "half a li");
    expect(await handshake(keysOf("bob"))).toBe("handshake:error:auth");
    expect(String(troubles[0])).toContain("must have a public key (40 characters)");
    expect(await echo(alice, "after")).toBe("after");
    expect(left).toEqual([]);
  });
});

describe("keys", () => {
  it("are written as Z85, like the specification's example", () => {
    const bytes = Buffer.from("864fd26fb559f75b", "hex");
    expect(encodeZ85(bytes)).toBe("HelloWorld");
  });

  it("must be their user's alone", async () => {
    chmodSync(join(folder, "server.key"), 0o640);
    await expect(Gate.open(folder, () => undefined)).rejects.toThrow(/mode 640.*chmod 600/);
  });

  it("may begin with the sign of comments", () => {
    const key = `#${"a".repeat(39)}`;
    writeFileSync(join(folder, "allowed"), `# a comment\n#\n\n${key} note\n  ${"b".repeat(40)}`);
    const list = new AllowList(join(folder, "allowed"), () => undefined);
    expect([key, "b".repeat(40), "a".repeat(40)].map((one) => list.allows(one))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
