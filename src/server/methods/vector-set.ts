import { parseParams, vectorSetParams } from "../../protocol/schema.ts";
import { Group } from "../group.ts";
import { hold, letGo } from "../hold.ts";
import type { Method } from "./method.ts";

/** `[vector, index, handle]` → nil: another environment in a member's place */
export const vectorSet: Method = {
  groups: (client, [vector, , handle]) => [
    client.vector(vector).group,
    client.env(handle).stem.group,
  ],
  run: (call, params) => {
    const [handle, index, member] = parseParams("vector_set", vectorSetParams, params);
    const { vector, members } = call.client.vector(handle);
    const entry = call.client.env(member);
    vector.setEnv(index, entry);
    Group.merge(call);
    hold(entry);
    const replaced = members[index];
    members[index] = entry;
    if (replaced !== undefined) letGo(call.worker, replaced);
  },
};
