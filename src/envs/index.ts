import type { Family } from "../core/family.ts";
import { datasets } from "./datasets/index.ts";
import { games } from "./games/index.ts";
import { gymnasium } from "./gymnasium/index.ts";
import { reasoning } from "./reasoning/index.ts";
import { terminal } from "./terminal/index.ts";
import { textarena } from "./textarena/index.ts";
import { webshop } from "./webshop/index.ts";

/** Every family of built-in environments. */
export const families: readonly Family[] = [
  ...games,
  ...datasets,
  ...reasoning,
  ...textarena,
  ...gymnasium,
  ...webshop,
  ...terminal,
];
