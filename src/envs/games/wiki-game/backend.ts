import { GemError } from "../../../errors.ts";
import type { PythonRandom } from "../../../random/python-random.ts";
import type { WikiPage } from "./page.ts";

/** A collection of pages. It opens and connects at the first use. */
export interface WikiBackend {
  /**
   * A page with links, to start from or to look for. What lies on this machine draws it from `random`; a server draws itself.
   *
   * @throws GEM_UNAVAILABLE, or the signal's reason
   */
  randomPage(random: PythonRandom, signal: AbortSignal): Promise<WikiPage>;

  /** The page that a title leads to. @throws GEM_UNAVAILABLE, also when there is no such page; or the signal's reason */
  page(title: string, signal: AbortSignal): Promise<WikiPage>;

  /** Forgets what belongs to one episode. */
  startEpisode?(): void;

  /** Releases files. */
  close?(): Promise<void>;
}

/** How often a random page is drawn again because it leads nowhere. */
export const MAX_DRAWS = 200;

/** The first drawn page that has links; draws that give no page are passed over. @throws GEM_UNAVAILABLE after `MAX_DRAWS` */
export async function drawUntilLinked(
  collection: string,
  draw: () => Promise<WikiPage | undefined>,
): Promise<WikiPage> {
  // Differs from upstream D46: every collection gives pages with links only, and not one of them is asked without end.
  for (let draws = 0; draws < MAX_DRAWS; draws++) {
    const page = await draw();
    if (page !== undefined && page.links.length > 0) return page;
  }
  throw new GemError(
    "GEM_UNAVAILABLE",
    `None of ${MAX_DRAWS} random pages of ${collection} has links to other pages.`,
    { collection, retryable: true },
  );
}

/** The error for a title that a collection does not have. */
export function noSuchPage(collection: string, title: string): GemError {
  return new GemError("GEM_UNAVAILABLE", `${collection} has no page ${JSON.stringify(title)}.`, {
    collection,
    title,
    retryable: false,
  });
}
