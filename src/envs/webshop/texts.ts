import { Prompts } from "../../core/prompts.ts";

/** The texts around the pages; `prefix` and `suffix` are shown by observation wrappers. */
export const PROMPTS: Prompts<ShopText> = Prompts.define({
  prefix:
    "\nYou are shopping in a web shop for somebody who wants this:\n{instruction}\n" +
    "You have taken {turn_count} steps so far. Below is what you have seen and done:\n\n",
  suffix:
    "\nThe actions that you can take now are: {actions}.\n" +
    "Think about what to do first. Then give exactly one action, inside \\boxed{{}}.",
});

/** The names of these texts. */
export type ShopText = "prefix" | "suffix";
