import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { LIMITS } from "../protocol/messages.ts";
import { Attention } from "./attention.ts";
import { FrameSplitter, HEADER_BYTES } from "../protocol/frame-splitter.ts";
import type { Gone, Receive, Reply, Transport } from "./transport.ts";

/** The scheme of a unix socket's address. */
export const UNIX_SCHEME = "unix://";

/**
 * Listens on a unix socket: a stream of frames each way, each frame a length (4 bytes, little-endian) and its bytes.
 *
 * Two threads of two processes meet here without a third in between, which makes it several times faster than ZeroMQ on one host.
 * A frame above `LIMITS.frameBytes` cuts its peer off.
 *
 * @param address `unix:///path`
 * @param gone takes notice of peers that are gone
 */
export async function listenUnix(
  address: string,
  receive: Receive,
  gone: Gone = () => undefined,
): Promise<Transport> {
  const attention = new Attention();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const peer = serve(socket, receive, attention);
    socket.once("close", () => {
      sockets.delete(socket);
      gone(peer);
    });
  });
  server.listen(address.slice(UNIX_SCHEME.length));
  await once(server, "listening");
  let closed: Promise<unknown> | undefined;
  return {
    address,
    async close() {
      if (closed === undefined) {
        closed = once(server, "close");
        server.close();
        for (const socket of sockets) socket.destroy();
      }
      await closed;
    },
  };
}

function serve(socket: Socket, receive: Receive, attention: Attention): Reply {
  const reply: Reply = (frame) => {
    if (socket.destroyed) return;
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header.writeUInt32LE(frame.length);
    socket.cork();
    socket.write(header);
    socket.write(frame);
    socket.uncork();
    attention.noteReply();
  };
  const splitter = new FrameSplitter(LIMITS.frameBytes, (frame) => {
    // Closing the endpoint destroys the socket between two frames of one chunk.
    if (socket.destroyed) return;
    attention.noteFrame();
    receive(frame, reply);
  });
  socket.on("data", (chunk) => {
    if (!splitter.push(chunk)) socket.destroy();
  });
  // A peer that is gone has nobody to tell.
  socket.on("error", () => undefined);
  return reply;
}
