import { askJson, field, listField, textField } from "../remote-request.ts";
import { isHtmlLink, PageReader } from "./pages.ts";
import { segmentsOf, surroundings } from "./snippets.ts";
import { WebEngine, type WebResult } from "./web-engine.ts";

/** A Google Programmable Search Engine. */
export interface GoogleOptions {
  readonly url: URL;
  readonly key: string;
  /** Its id (`cx`). */
  readonly engineId: string;
  /** Gives the snippets; false: reads the pages, and gives the paragraphs that the snippets are from. */
  readonly isSnippetOnly: boolean;
  readonly pages?: PageReader;
}

/** Google gives at most ten results a request. */
const MOST_RESULTS = 10;
const NO_TITLE = "No title";

/** Asks Google's Custom Search JSON API. */
export class GoogleEngine extends WebEngine {
  override readonly name = "google";
  readonly #options: GoogleOptions;
  readonly #pages: PageReader;

  constructor(options: GoogleOptions) {
    super();
    this.#options = options;
    this.#pages = options.pages ?? new PageReader();
  }

  protected override async ask(
    query: string,
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly WebResult[]> {
    const { key, engineId, isSnippetOnly } = this.#options;
    const plain = plainQuery(query);
    if (plain === "") return [];
    const url = new URL(this.#options.url);
    url.searchParams.set("q", plain);
    url.searchParams.set("cx", engineId);
    url.searchParams.set("num", String(Math.min(topk, MOST_RESULTS)));
    url.searchParams.set("key", key);
    const answer = await askJson({ who: "Google", url, signal });
    const items = (listField(answer, "items") ?? []).slice(0, topk);
    if (isSnippetOnly) return items.map(snippetResult).filter(({ text }) => text !== "");
    return await this.#passages(items, signal);
  }

  /** What the pages say around each snippet; the snippet itself where a page cannot be read. */
  async #passages(items: readonly unknown[], signal: AbortSignal): Promise<readonly WebResult[]> {
    const links = items.map((item) => textField(item, "link") ?? "");
    const paragraphs = await this.#pages.paragraphs(links.filter(isHtmlLink), signal);
    return items.map((item, index) => {
      const result = snippetResult(item);
      const found = surroundings(
        segmentsOf(textField(item, "snippet") ?? ""),
        paragraphs.get(links[index] ?? "") ?? [],
      );
      return found === "" ? result : { title: result.title, text: found };
    });
  }
}

/** A query without signs: whatever is no letter, digit or underscore becomes one space. */
function plainQuery(query: string): string {
  return query.replace(/[^\p{L}\p{N}_]+/gu, " ").trim();
}

function snippetResult(item: unknown): WebResult {
  const title = field(item, "title");
  const segments = segmentsOf(textField(item, "snippet") ?? "");
  return { title: typeof title === "string" ? title : NO_TITLE, text: segments.join(" ") };
}
