import { Prompts } from "../../../core/prompts.ts";

const MOVES =
  "Reaching the target earns 1 and ends the game. Any other move earns -0.05. A title that is no link on offer, or a reply " +
  "without a valid answer, leaves you where you are, takes a turn and earns -0.2. If the last turn is a move or a wrong " +
  "title and you are not at the target, it earns 0.\n";
const ANSWER =
  "Answer with the exact title of one link in \\boxed{{}}, for example \\boxed{{{example}}}.";
const START =
  'Wiki game: find a way from the page "{start}" to the page "{target}" within {max_turns} turns, from link to link.\n' +
  "The target page begins: {target_summary}\n";
const BACK =
  "The answer \\boxed{{<PREV_PAGE>}} takes you back to the page before for one turn and -0.05";
const DEAD_END = "A page without links is not entered: it costs two turns and earns -0.1.\n";

/** The names of the game's texts; `rules_…` are those of the variants. */
export type WikiText =
  | "rules_noregrets"
  | "rules_oneback"
  | "rules_freenav"
  | "rules_eidetic"
  | "suffix"
  | "link"
  | "no_links"
  | "reached"
  | "moved"
  | "back"
  | "no_way_back"
  | "unknown"
  | "unknown_near"
  | "stuck"
  | "dead_end"
  | "format_error"
  | "out_of_turns";

/** The game's texts; `example` is a link of the start page. */
export const PROMPTS: Prompts<WikiText> = Prompts.define({
  rules_noregrets:
    START +
    "In each turn you see the links of the page you are on and choose one. There is no way back but by links, and a page without " +
    "links ends the game with 0.\n" +
    MOVES +
    ANSWER,
  rules_oneback:
    START +
    `In each turn you see the links of the page you are on and choose one. ${BACK}, but not twice in a row. ` +
    DEAD_END +
    MOVES +
    ANSWER,
  rules_freenav:
    START +
    `In each turn you see the links of the page you are on and choose one. ${BACK}, as often as you like. ` +
    DEAD_END +
    MOVES +
    ANSWER,
  rules_eidetic:
    START +
    "In each turn you see the links of all pages you have been on and choose one, so you can go on from any of them.\n" +
    MOVES +
    ANSWER,
  suffix:
    'You are on the page "{current}"; the target is "{target}".\n{summary}\nLinks:\n{links}\nWhich one next?',
  link: "- \\boxed{{{title}}}",
  no_links: "(none)",
  reached: 'Turn {turn_count} of {max_turns}: you are on "{current}", the target. You win.',
  moved: 'Turn {turn_count} of {max_turns}: you moved to "{current}".',
  back: 'Turn {turn_count} of {max_turns}: you went back to "{current}".',
  no_way_back:
    'Turn {turn_count} of {max_turns}: you cannot go back now. You are still on "{current}".',
  unknown:
    'Turn {turn_count} of {max_turns}: "{title}" is no link on offer. Answer with the exact title of a link.',
  unknown_near:
    'Turn {turn_count} of {max_turns}: "{title}" is no link on offer. Did you mean \\boxed{{{near}}}?',
  stuck: 'Turn {turn_count} of {max_turns}: "{current}" has no links. The game is over.',
  dead_end:
    'Turn {turn_count} of {max_turns}: "{title}" has no links, so you are back on "{current}"; that took two turns.',
  format_error:
    "Turn {turn_count} of {max_turns}: there is no answer of the form \\boxed{{title}} at the end of your reply.",
  out_of_turns: '{observation} No turn is left, and "{target}" is not reached.',
});
