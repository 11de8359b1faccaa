import { z } from "zod";
import { defineFamily, type Family } from "../../core/family.ts";
import { Prompts } from "../../core/prompts.ts";
import { CLASSIC_CONTROL } from "./classic-control.ts";
import { GymnasiumEnv, type GymnasiumPrompts } from "./gymnasium-env.ts";
import type { Kind } from "./kind.ts";
import { TOY_TEXT } from "./toy-text.ts";

/** Every one of Gymnasium's environments that needs no further package and has numbered actions: `gym:<id>`. */
export const gymnasium: readonly Family[] = [...TOY_TEXT, ...CLASSIC_CONTROL].map(familyOf);

function familyOf(kind: Kind): Family {
  const example = kind.actions[0]?.[0] ?? "0";
  return defineFamily({
    className: `Gymnasium${kind.name}Env`,
    options: {
      ...kind.options,
      env_id: z
        .enum(kind.ids)
        .default(kind.ids[0] ?? "")
        .describe(kind.ids.map((id) => `"${id}"`).join(" or ")),
      max_episode_steps: z.int().min(1).optional().describe("a positive integer"),
    },
    prompts: Prompts.define<GymnasiumPrompts>({
      rules:
        `${kind.about}\n` +
        "The actions are: {actions}. Answer with the number or the name of one of them in \\boxed{{}}, " +
        `for example \\boxed{{${example}}}. A reply without one loses 0.1 and ends the episode.\n\n{view}`,
      view: "Reward: {reward}.\n{view}",
      format_error:
        "There is no action in \\boxed{{}} in your reply. The actions are: {actions}. The episode is over.",
    }),
    variants: Object.fromEntries(kind.ids.map((id) => [`gym:${id}`, { env_id: id }])),
    create: (init) => new GymnasiumEnv(init, kind),
  });
}
