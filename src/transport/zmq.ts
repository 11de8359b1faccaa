import { Router } from "zeromq";
import { LIMITS } from "../protocol/messages.ts";
import { assertLocalAddress } from "./address.ts";
import { Attention } from "./attention.ts";
import type { Receive, Transport } from "./transport.ts";

/**
 * Binds a ZeroMQ ROUTER and hands its frames to `receive`.
 *
 * A message is one payload frame; any other number is dropped. A frame above `LIMITS.frameBytes` cuts its peer off.
 *
 * @param address `ipc:///path` or `tcp://host:port`
 * @throws GEM_INVALID_OPTION when the host is not this machine's loopback
 */
export async function listenZmq(address: string, receive: Receive): Promise<Transport> {
  assertLocalAddress(address);
  const socket = new Router({
    ipv6: address.startsWith("tcp://["),
    linger: 0,
    maxMessageSize: LIMITS.frameBytes,
    // Replies wait for slow peers without bound (each session has one at a time) and never make `send` wait: with these two
    // settings it is done when it returns, so that sends need no queue.
    sendHighWaterMark: 0,
    sendTimeout: 0,
  });
  try {
    await socket.bind(address);
  } catch (error) {
    socket.close();
    throw error;
  }
  let open = true;
  const loop = receiveAll(socket, receive, () => open);
  return {
    address,
    async close() {
      open = false;
      socket.close();
      await loop;
    },
  };
}

async function receiveAll(socket: Router, receive: Receive, isOpen: () => boolean): Promise<void> {
  const attention = new Attention();
  while (isOpen()) {
    let parts: Buffer[];
    try {
      parts = await socket.receive();
    } catch (error) {
      if (!isOpen()) return;
      throw error;
    }
    const [route, frame, ...rest] = parts;
    if (route === undefined || frame === undefined || rest.length > 0) continue;
    attention.noteFrame();
    receive(frame, (reply) => {
      // A peer that is gone asks again over a new connection, if it still lives.
      if (!isOpen()) return;
      socket.send([route, reply]).catch(() => undefined);
      attention.noteReply();
    });
  }
}
