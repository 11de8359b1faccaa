import { hostname } from "node:os";
import { join } from "node:path";
import { assertSafeAddress } from "../transport/address.ts";
import { readServerKeys } from "../transport/curve/key-files.ts";
import { makeIpcFolder, removeIpcFolder } from "./ipc-folder.ts";
import type { RegisteredServer } from "./registry.ts";
import { choosePorts } from "./tcp-ports.ts";

/** How clients reach a server: a unix socket, or ZeroMQ over one or over TCP. */
export const TRANSPORTS = ["unix", "ipc", "tcp"] as const;

/** One of `TRANSPORTS`. */
export type TransportName = (typeof TRANSPORTS)[number];

/** Where a server listens. */
export interface Place {
  readonly transport: TransportName;
  /** Of tcp: the host's address. */
  readonly host: string;
  /** Of tcp: the first worker's port, the others follow; 0 for any free ones. */
  readonly port: number;
  /** Of tcp: a folder of CURVE keys, whose clients alone may connect. */
  readonly keys?: string | undefined;
}

/** The addresses of a server's workers, and how to clean up behind them. */
export interface Endpoints {
  readonly addresses: readonly string[];
  /** Removes what the addresses need on disk; never throws. */
  readonly remove: () => void;
}

/** Decides the addresses of `count` workers. @throws GEM_INVALID_OPTION when other machines can reach them and there are no keys */
export async function chooseEndpoints(place: Place, count: number): Promise<Endpoints> {
  if (place.transport === "tcp") {
    const host = place.host.includes(":") ? `[${place.host}]` : place.host;
    assertSafeAddress(`tcp://${host}:${place.port}`, place.keys !== undefined);
    const ports = await choosePorts(place.host, place.port, count);
    return { addresses: ports.map((port) => `tcp://${host}:${port}`), remove: () => undefined };
  }
  const folder = makeIpcFolder();
  return {
    addresses: Array.from(
      { length: count },
      (_, i) => `${place.transport}://${join(folder, String(i))}`,
    ),
    remove: () => removeIpcFolder(folder),
  };
}

/** What a server says of itself to clients on other machines. */
export function advertised(
  { addresses }: Endpoints,
  { transport, host, keys, advertise }: Place & { readonly advertise?: string | undefined },
): RegisteredServer {
  if (transport !== "tcp") return { endpoints: addresses };
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const reached = advertise ?? (isEverywhere ? hostname() : host);
  const place = reached.includes(":") ? `[${reached}]` : reached;
  return {
    endpoints: addresses.map((address) => `tcp://${place}:${address.split(":").at(-1) ?? ""}`),
    key: keys === undefined ? undefined : readServerKeys(keys).publicKey,
  };
}
