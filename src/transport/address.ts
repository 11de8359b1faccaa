import { isIP } from "node:net";
import { GemError, show } from "../errors.ts";

/**
 * Refuses an address that other machines can reach, since connections are neither encrypted nor authenticated (law L12).
 *
 * @throws GEM_INVALID_OPTION
 */
export function assertLocalAddress(address: string): void {
  if (address.startsWith("ipc://")) return;
  const host = /^tcp:\/\/(?:\[([^\]]+)\]|([^:[\]]+)):\d+$/.exec(address);
  if (host === null) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `An address must be ipc:///path or tcp://host:port, got ${show(address)}.`,
    );
  }
  if (isLoopback(host[1] ?? host[2] ?? "")) return;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${address} can be reached from other machines, and connections are not encrypted. Use a loopback host such as 127.0.0.1, and a tunnel from elsewhere.`,
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
