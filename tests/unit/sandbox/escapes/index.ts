import type { Escape } from "./escape.ts";
import { FILES } from "./files.ts";
import { KERNEL, NETWORK } from "./outside.ts";
import { POISON, PROCESSES, RESOURCES, SURVIVING } from "./running.ts";

/** All attempts, by what they are after. */
export const ESCAPES: Readonly<Record<string, readonly Escape[]>> = {
  "files of others": FILES,
  "the kernel": KERNEL,
  "the network": NETWORK,
  "processes of others": PROCESSES,
  "going on after the end": SURVIVING,
  "using everything up": RESOURCES,
  "later runs": POISON,
};
