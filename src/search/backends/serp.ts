import { askJson, field, listField, remoteFault, textField } from "../remote-request.ts";
import { WebEngine, type WebResult } from "./web-engine.ts";

/** An account at SerpAPI, or at what speaks like it. */
export interface SerpOptions {
  readonly url: URL;
  readonly key: string;
  /** Which search engine it asks: `google`, `bing`, … */
  readonly engine: string;
}

const NO_TITLE = "No title";
const NO_TEXT = "No snippet available";

/** Asks SerpAPI: the answer box, then the best results, then the best related questions. */
export class SerpEngine extends WebEngine {
  override readonly name = "serp";
  readonly #options: SerpOptions;

  constructor(options: SerpOptions) {
    super();
    this.#options = options;
  }

  protected override async ask(
    query: string,
    topk: number,
    signal: AbortSignal,
  ): Promise<readonly WebResult[]> {
    const { key, engine } = this.#options;
    const url = new URL(this.#options.url);
    url.searchParams.set("engine", engine);
    url.searchParams.set("q", query);
    url.searchParams.set("api_key", key);
    const request = { who: "SerpAPI", url, signal };
    const answer = await askJson(request);
    const organic = listField(answer, "organic_results");
    const box = field(answer, "answer_box");
    const error = textField(answer, "error");
    // "Google hasn't returned any results for this query." is no fault.
    if (error !== undefined && !/any results/i.test(error))
      throw remoteFault(request, `refused the search: ${error}`);
    const related = listField(answer, "related_questions") ?? [];
    return [
      ...(box === undefined || box === null ? [] : [resultOf(box, "title")]),
      ...(organic ?? []).slice(0, topk).map((item) => resultOf(item, "title")),
      ...related.slice(0, topk).map((item) => resultOf(item, "question")),
    ];
  }
}

function resultOf(item: unknown, title: string): WebResult {
  return { title: textField(item, title) ?? NO_TITLE, text: textField(item, "snippet") ?? NO_TEXT };
}
