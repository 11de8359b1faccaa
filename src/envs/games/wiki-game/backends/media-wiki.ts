/** Pages of a live MediaWiki (Wikipedia, or any other wiki with the TextExtracts extension) over its action API. */
import { parseOptions, type OptionValues } from "../../../../core/options.ts";
import { HttpClient, type HttpSession } from "../../../../data/http/http-client.ts";
import type { PythonRandom } from "../../../../random/python-random.ts";
import { drawUntilLinked, noSuchPage, type WikiBackend } from "../backend.ts";
import { makePage, type WikiPage } from "../page.ts";
import { cachedIf } from "./caching.ts";
import { HTTP_OPTIONS, mannersOf, serverAddress } from "./http-options.ts";
import { readAnswer, type MediaWikiAnswer, type MediaWikiPage } from "./media-wiki-answer.ts";

const OPTIONS = {
  url: serverAddress("https://en.wikipedia.org/w/api.php"),
  ...HTTP_OPTIONS,
};

type Parameters = Readonly<Record<string, string | number>>;

const COMMON: Parameters = { action: "query", format: "json", formatversion: 2, maxlag: 5 };
const PAGE: Parameters = {
  prop: "extracts|links|pageprops",
  explaintext: 1,
  exlimit: 1,
  plnamespace: 0,
  pllimit: "max",
  ppprop: "disambiguation",
  redirects: 1,
};
/** How often one page is asked to be continued, and how many hits and options are followed for one title. */
const MAX_PARTS = 50;
const MAX_DETOURS = 10;

/** A live MediaWiki's pages. @param owner whose options they are, for messages @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION */
export function mediaWikiBackend(
  owner: string,
  given: Readonly<Record<string, unknown>>,
): WikiBackend {
  const options = parseOptions(owner, OPTIONS, given);
  return cachedIf(options.query_use_cache, new MediaWikiBackend(options));
}

class MediaWikiBackend implements WikiBackend {
  readonly #options: OptionValues<typeof OPTIONS>;
  readonly #client: HttpClient;

  constructor(options: OptionValues<typeof OPTIONS>) {
    this.#options = options;
    this.#client = new HttpClient(mannersOf(options));
  }

  randomPage(_random: PythonRandom, signal: AbortSignal): Promise<WikiPage> {
    const session = this.#client.open(signal);
    return drawUntilLinked(this.#options.url, async () => {
      const ask = { list: "random", rnnamespace: 0, rnlimit: 1 };
      const title = (await this.#ask(session, ask)).query?.random?.[0]?.title;
      return title === undefined ? undefined : this.#find(session, title, new Set());
    });
  }

  async page(title: string, signal: AbortSignal): Promise<WikiPage> {
    const page = await this.#find(this.#client.open(signal), title, new Set());
    if (page === undefined) throw noSuchPage(this.#options.url, title);
    return page;
  }

  /**
   * The page of a title, else that of the first search hit, else of the first option of a disambiguation page.
   *
   * @param tried titles that were asked for already; they bound the search
   */
  async #find(
    session: HttpSession,
    title: string,
    tried: Set<string>,
  ): Promise<WikiPage | undefined> {
    if (tried.has(title) || tried.size > MAX_DETOURS) return undefined;
    tried.add(title);
    const page = await this.#fetch(session, title);
    if (page === undefined || page.missing === true || page.invalid === true) {
      const hit = await this.#search(session, title);
      return hit === undefined ? undefined : this.#find(session, hit, tried);
    }
    const links = (page.links ?? []).map((link) => link.title);
    if (page.pageprops?.["disambiguation"] !== undefined) {
      for (const option of links) {
        const found = await this.#find(session, option, tried);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    const page_id = String(page.pageid ?? page.title);
    const content = page.extract ?? "";
    return makePage({ page_id, title: page.title, content, links }, this.#options.max_links);
  }

  /** A page with its links, put together from as many answers as it takes. */
  async #fetch(session: HttpSession, title: string): Promise<MediaWikiPage | undefined> {
    // With this character in front a bar in the title does not separate it into two.
    const ask = { ...PAGE, titles: title.includes("|") ? `\u001f${title}` : title };
    let whole: MediaWikiPage | undefined;
    let next: Parameters = {};
    for (let parts = 0; parts < MAX_PARTS; parts++) {
      const answer = await this.#ask(session, { ...ask, ...next });
      whole = join(whole, answer.query?.pages?.[0]);
      // Differs from upstream D46: links are asked for up to a limit that an option sets, where upstream gets the API's first ten.
      const enough = (whole?.links?.length ?? 0) >= this.#options.max_links;
      if (answer.continue === undefined || (enough && whole?.extract !== undefined)) break;
      next = answer.continue;
    }
    return whole;
  }

  async #search(session: HttpSession, title: string): Promise<string | undefined> {
    const ask = { list: "search", srsearch: title, srnamespace: 0, srlimit: 1 };
    return (await this.#ask(session, ask)).query?.search?.[0]?.title;
  }

  #ask(session: HttpSession, parameters: Parameters): Promise<MediaWikiAnswer> {
    const url = new URL(this.#options.url);
    for (const [name, value] of Object.entries({ ...COMMON, ...parameters })) {
      url.searchParams.set(name, String(value));
    }
    return session.follow(url, (reply) => readAnswer(reply, this.#client.clock.date()));
  }
}

/** What two answers say about one page. */
function join(
  first: MediaWikiPage | undefined,
  second: MediaWikiPage | undefined,
): MediaWikiPage | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const links = [...(first.links ?? []), ...(second.links ?? [])];
  return { ...second, ...first, extract: first.extract ?? second.extract, links };
}
