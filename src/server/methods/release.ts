import { handlesParams, parseParams } from "../../protocol/schema.ts";
import { dropEntry } from "../hold.ts";
import type { Method } from "./method.ts";

/** `[handles]` → nil: forgets handles at once; what nothing holds any more is closed when it is idle */
export const release: Method = {
  run: ({ client, worker }, params) => {
    const [handles] = parseParams("release", handlesParams, params);
    for (const handle of handles) {
      const entry = client.drop(handle);
      if (entry !== undefined) dropEntry(worker, entry);
    }
  },
};
