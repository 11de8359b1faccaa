import { parseParams, wrapParams } from "../../protocol/schema.ts";
import { peel, peelWrappers, wrapEntry } from "../build.ts";
import { describeEnv } from "../descriptor.ts";
import { hold } from "../hold.ts";
import type { Method } from "./method.ts";

/** `[handle, depth, name, options]` → `[descriptor, handle]`: a further handle, around the same environment */
export const wrap: Method = {
  groups: (client, [handle]) => [client.env(handle).stem.group],
  run: ({ client }, params) => {
    const [handle, depth, name, options] = parseParams("wrap", wrapParams, params);
    client.checkRoom(1);
    const inner = client.env(handle);
    const env = peel(inner, depth);
    const entry = wrapEntry(inner.stem, env, peelWrappers(inner, depth), [[name, options]], {
      rules: inner.rules,
      over: inner,
      depth,
    });
    hold(entry);
    return [describeEnv(entry.env), client.add(entry)];
  },
};
