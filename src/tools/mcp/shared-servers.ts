import type { Servers } from "./config.ts";
import { ServerSet } from "./server-set.ts";

/** A use of servers that several tools may share. */
export interface Lease {
  readonly set: ServerSet;
  /** Gives it up; the last one ends the sessions. Twice is fine. */
  release(): Promise<void>;
}

interface Shared {
  readonly set: ServerSet;
  uses: number;
}

const shared = new Map<string, Shared>();
const leases = new FinalizationRegistry<Lease>((lease) => void lease.release());

/**
 * Takes the servers for a tool; given up with `release`, or when the tool is no longer reachable.
 *
 * @param session tools with the same session and the same servers share their connections; null shares nothing
 */
export function leaseServers(tool: object, servers: Servers, session: string | null): Lease {
  const key = session === null ? undefined : JSON.stringify([session, ...servers]);
  const known = key === undefined ? undefined : shared.get(key);
  const entry = known ?? { set: new ServerSet(servers), uses: 0 };
  entry.uses += 1;
  if (key !== undefined) shared.set(key, entry);
  let isHeld = true;
  const lease: Lease = {
    set: entry.set,
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      leases.unregister(lease);
      entry.uses -= 1;
      if (entry.uses > 0) return;
      if (key !== undefined) shared.delete(key);
      await entry.set.close();
    },
  };
  leases.register(tool, lease, lease);
  return lease;
}
