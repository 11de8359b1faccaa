import { handlesParams, parseParams } from "../../protocol/schema.ts";
import type { Client } from "../client.ts";
import type { Entry } from "../entry.ts";
import type { Group } from "../group.ts";
import { closeEntry } from "../hold.ts";
import type { Method, Params } from "./method.ts";

/** `[handles]` → nil: closes environments, vectors and tools; the handles stay until they are released */
export const close: Method = {
  groups: (client, params) => entriesOf(client, params).flatMap(groupsOf),
  run: async ({ client }, params) => {
    const closing = entriesOf(client, params).map(async (entry) => closeEntry(entry));
    for (const outcome of await Promise.allSettled(closing)) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
  },
};

/** The entries of all handles that are still known. */
function entriesOf(client: Client, params: Params): readonly Entry[] {
  const [handles] = parseParams("close", handlesParams, params);
  return handles.map((handle) => client.find(handle)).filter((entry) => entry !== undefined);
}

function groupsOf(entry: Entry): readonly Group[] {
  if (entry.kind === "tool") return [];
  return [entry.kind === "env" ? entry.stem.group : entry.group];
}
