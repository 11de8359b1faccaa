import { parseParams, vectorParams } from "../../protocol/schema.ts";
import { VectorEnv } from "../../vector/vector-env.ts";
import { Group } from "../group.ts";
import { hold } from "../hold.ts";
import type { Method } from "./method.ts";

/** `[handles, asyncMode, autoreset]` → handle: environments stepped as one */
export const vector: Method = {
  groups: (client, [handles]) =>
    Array.isArray(handles) ? handles.map((handle) => client.env(handle).stem.group) : [],
  run: (call, params) => {
    const [handles, asyncMode, autoreset] = parseParams("vector", vectorParams, params);
    const { client } = call;
    client.checkRoom(1);
    const members = handles.map((handle) => client.env(handle));
    const envs = members.map(({ env }) => env);
    const made = new VectorEnv(envs, { asyncMode, autoreset });
    Group.merge(call);
    members.forEach(hold);
    const group = members[0]?.stem.group ?? new Group();
    return client.add({ kind: "vector", vector: made, group, members });
  },
};
