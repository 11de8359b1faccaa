import type { Method } from "./method.ts";

/** `[]` → `[[id, className, options], …]` */
export const list: Method = {
  run: ({ worker }) =>
    worker.registry.list().map(({ id, className, options }) => [id, className, options]),
};
