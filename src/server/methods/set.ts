import { parseParams, setParams } from "../../protocol/schema.ts";
import { peel } from "../build.ts";
import { bindDataset } from "../client-dataset.ts";
import type { Method } from "./method.ts";

/** `[handle, depth, name, value]` → nil */
export const set: Method = {
  groups: (client, [handle]) => [client.env(handle).stem.group],
  run: ({ client }, params) => {
    const [handle, depth, name, value] = parseParams("set", setParams, params);
    const entry = client.env(handle);
    const env = peel(entry, depth);
    const bound = name === "dataset" ? bindDataset(value, entry.stem.group, env.id) : value;
    entry.stem.journal = undefined;
    return env.setAttribute(name, bound);
  },
};
