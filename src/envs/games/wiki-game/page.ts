import type { ResetOptions } from "../../../core/env.ts";
import type { AttributeView } from "../../../core/seeded-env.ts";
import { GemError, show } from "../../../errors.ts";
import { lastBalancedBox } from "../../../text/balanced-box.ts";

/** A page of an encyclopedia; a type, not an interface, so that it counts as plain data. */
export type WikiPage = {
  /** What the collection calls the page: a number, a path. */
  readonly page_id: string;
  readonly title: string;
  /** Plain text. */
  readonly content: string;
  /** Titles that the page leads to, each once, in the collection's order. */
  readonly links: readonly string[];
};

/** The answer that asks to go back to the page before. */
export const PREVIOUS_PAGE = "<PREV_PAGE>";

/** The most links of a page, unless an option says otherwise. */
export const DEFAULT_LINKS = 500;
/** Characters of content that are kept: only a summary of it is ever shown, and an episode keeps all its pages. */
export const MAX_CONTENT = 16_000;

/** Makes a page: links once each, only those that can be an answer, and at most `maxLinks` of them. */
export function makePage(
  page: { page_id: string; title: string; content: string; links: Iterable<string> },
  maxLinks: number,
): WikiPage {
  const links = new Set<string>();
  for (const link of page.links) {
    if (links.size >= maxLinks) break;
    if (isAnswer(link)) links.add(link);
  }
  // Differs from upstream D50: content is cut.
  const content = page.content.slice(0, MAX_CONTENT);
  return { page_id: page.page_id, title: page.title, content, links: [...links] };
}

/**
 * The titles between which a reset's options `start` and `target` lay an episode; undefined when neither is given.
 *
 * @throws GEM_INVALID_OPTION when one is missing or no text, or both are the same
 */
export function titlesOf(
  { start, target }: ResetOptions,
  id: string,
): readonly [start: string, target: string] | undefined {
  if (start === undefined && target === undefined) return undefined;
  if (typeof start === "string" && typeof target === "string" && start !== target) {
    return [start, target];
  }
  throw new GemError(
    "GEM_INVALID_OPTION",
    `reset() of ${id} takes start and target together, the titles of two pages; got start ${show(start)} and target ${show(target)}.`,
  );
}

/** Whether a reply can name a title: its braces are balanced, and it does not ask to go back. */
function isAnswer(title: string): boolean {
  return title !== "" && title !== PREVIOUS_PAGE && lastBalancedBox(`\\boxed{${title}}`) === title;
}

/** A page as clients see and write it. */
export const pageView: AttributeView = {
  read: (stored: WikiPage | null) => structuredClone(stored),
  write: (value) => (isPage(value) ? value : undefined),
};

/** A list of pages as clients see and write it. */
export const pagesView: AttributeView = {
  read: (stored: readonly WikiPage[]) => structuredClone(stored),
  write: (value) => (Array.isArray(value) && value.every(isPage) ? value : undefined),
};

function isPage(value: unknown): value is WikiPage {
  if (typeof value !== "object" || value === null) return false;
  const { page_id, title, content, links, ...others } = value as Record<string, unknown>;
  return (
    [page_id, title, content].every((text) => typeof text === "string") &&
    Array.isArray(links) &&
    links.every((link) => typeof link === "string") &&
    Object.keys(others).length === 0
  );
}
