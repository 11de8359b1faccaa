import type { Family } from "../core/family.ts";
import { games } from "./games/index.ts";

/** Every family of built-in environments. */
export const families: readonly Family[] = [...games];
