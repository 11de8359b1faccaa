import { isIP } from "node:net";
import { GemError, show } from "../errors.ts";

/** A host and a port. */
export interface HostPort {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port` or `[ipv6]:port`; undefined where it is neither. */
export function readHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) return undefined;
  return { host: match[1] ?? match[2] ?? "", port };
}

/**
 * Refuses an address that other machines can reach while connections are neither encrypted nor authenticated (law L12), and what is
 * no address. Networks that are called private are no exception.
 *
 * @param hasKeys whether connections are secured with CURVE
 * @throws GEM_INVALID_OPTION
 */
export function assertSafeAddress(address: string, hasKeys: boolean): void {
  if (address.startsWith("ipc://")) return;
  const place = address.startsWith("tcp://") ? readHostPort(address.slice(6)) : undefined;
  if (place === undefined) {
    throw new GemError(
      "GEM_INVALID_OPTION",
      `An address must be ipc:///path or tcp://host:port, got ${show(address)}.`,
    );
  }
  if (hasKeys || isLoopback(place.host)) return;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${address} can be reached from other machines, so its clients must have keys: make them with 'gem keys new <folder>' and serve ` +
      "with --curve <folder>. Without keys use a loopback host such as 127.0.0.1 (and a tunnel from elsewhere).",
  );
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
