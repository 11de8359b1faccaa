import type { Receive, Transport } from "./transport.ts";
import { UNIX_SCHEME, listenUnix } from "./unix.ts";

/** Listens at an address of any kind; ZeroMQ is loaded only where it is used. */
export async function listen(address: string, receive: Receive): Promise<Transport> {
  if (address.startsWith(UNIX_SCHEME)) return listenUnix(address, receive);
  const { listenZmq } = await import("./zmq.ts");
  return listenZmq(address, receive);
}
