import type { Gone, Receive, Transport } from "./transport.ts";
import { UNIX_SCHEME, listenUnix } from "./unix.ts";

/** What else there is to an endpoint. */
export interface ListenExtras {
  /** Takes notice of peers that are gone. */
  readonly gone?: Gone | undefined;
  /** Of ZeroMQ: a folder of keys, whose clients alone may connect. */
  readonly keys?: string | undefined;
  /** Told when the list of those clients cannot be read. */
  readonly noteTrouble?: ((error: unknown) => void) | undefined;
}

/** Listens at an address of any kind; ZeroMQ is loaded only where it is used. */
export async function listen(
  address: string,
  receive: Receive,
  { gone, keys, noteTrouble }: ListenExtras = {},
): Promise<Transport> {
  if (address.startsWith(UNIX_SCHEME)) return listenUnix(address, receive, gone);
  const { listenZmq } = await import("./zmq.ts");
  if (keys === undefined) return listenZmq(address, receive, { gone });
  const { Gate } = await import("./curve/gate.ts");
  const gate = await Gate.open(keys, noteTrouble ?? (() => undefined));
  return listenZmq(address, receive, { gone, gate });
}
