import { parseParams, vectorParams } from "../../protocol/schema.ts";
import { VectorEnv } from "../../vector/vector-env.ts";
import { policyOf, wireRules } from "../fault-wire.ts";
import { Group } from "../group.ts";
import { hold } from "../hold.ts";
import { Shown } from "../shown.ts";
import type { Method } from "./method.ts";

/** `[handles, asyncMode, autoreset, policy]` → handle: environments stepped as one */
export const vector: Method = {
  groups: (client, [handles]) =>
    Array.isArray(handles) ? handles.map((handle) => client.env(handle).stem.group) : [],
  run: (call, params) => {
    const [handles, asyncMode, autoreset, policy] = parseParams("vector", vectorParams, params);
    wireRules(policy);
    const { client } = call;
    client.checkRoom(1);
    const members = handles.map((handle) => client.env(handle));
    const made = new VectorEnv(members, { asyncMode, autoreset, ...policyOf(policy) });
    // A group of its own: the first member's may be in flight, and the vector must be reachable then.
    const group = new Group();
    Group.hold(call, group);
    Group.merge(call);
    members.forEach(hold);
    return client.add({ kind: "vector", vector: made, group, members, shown: new Shown() });
  },
};
