import { defineFamily, type Family } from "../../core/family.ts";
import { PROMPTS } from "./texts.ts";
import { WEBSHOP_OPTIONS, WebshopEnv, webshopVariants } from "./webshop-env.ts";

/** Shopping; the shop's file is needed when one is reset. */
export const webshop: readonly Family[] = [
  defineFamily({
    className: "WebshopEnv",
    options: WEBSHOP_OPTIONS,
    prompts: PROMPTS,
    variants: webshopVariants(),
    create: (init) => new WebshopEnv(init),
  }),
];
