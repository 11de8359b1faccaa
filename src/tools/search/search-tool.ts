import { z } from "zod";
import { chain, type MaybePromise } from "../../core/maybe-promise.ts";
import { parseOptions, type OptionValues } from "../../core/options.ts";
import { GemError } from "../../errors.ts";
import { strip } from "../../text/strip.ts";
import { Tool, type ToolResult } from "../tool.ts";
import { ERROR_MARK, errorText, passagesText } from "./passages.ts";
import { search, SearchFailure, unreadable, type SearchFormat } from "./search-request.ts";

/** Looks the search server's address up, each time it is not known yet. */
export type FindUrl = () => MaybePromise<string | null>;

const url = z
  .union([
    z.url({ protocol: /^https?$/ }),
    z.custom<FindUrl>((value) => typeof value === "function"),
  ])
  .nullable();

/** What each option of `SearchTool` may be, with its default. */
export const SEARCH_OPTIONS: {
  readonly search_url: z.ZodType<string | FindUrl | null>;
  readonly topk: z.ZodType<number>;
  readonly timeout: z.ZodType<number>;
  readonly num_workers: z.ZodType<number>;
  readonly message_format: z.ZodType<SearchFormat>;
} = {
  search_url: url.default(null).describe("an http or https URL, or null: SEARCH_URL names one"),
  topk: z.int().min(1).max(1000).default(3).describe("an integer from 1 to 1000"),
  timeout: z
    .number()
    .positive()
    .max(3600)
    .default(5)
    .describe("a number of seconds above 0, at most 3600"),
  num_workers: z.int().min(1).default(1).describe("a positive integer (it changes nothing)"),
  message_format: z
    .enum(["msgpack", "json"])
    .default("msgpack")
    .describe('"msgpack" (upstream\'s servers) or "json" (Search-R1\'s)'),
};

/** Options of `SearchTool`, under upstream's names; all may be left out. */
export type SearchOptions = Partial<OptionValues<typeof SEARCH_OPTIONS>>;

const OPEN = "<search>";
const CLOSE = "</search>";

const INSTRUCTION = `You have a search engine.
- Whenever you need to know something that you do not, first say what is missing in a block <think>...</think>.
- Then search for it: write the query between ${OPEN} and ${CLOSE}. Only the first query of a reply is run.
- The passages that fit best come back as your next observation, each as "Doc 1(Title: ...) ...".
- Search as often as you need.
- When you know the answer, give it between <answer> and </answer>.`;

/** Asks a search server for passages. */
export class SearchTool extends Tool {
  override readonly toolType = "search";
  readonly options: OptionValues<typeof SEARCH_OPTIONS>;
  #url: string | undefined;

  /** @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION */
  constructor(options: SearchOptions = {}) {
    super();
    this.options = parseOptions("SearchTool", SEARCH_OPTIONS, options);
  }

  override instructionString(): string {
    return INSTRUCTION;
  }

  override executeAction(action: string): MaybePromise<ToolResult> {
    const open = action.indexOf(OPEN);
    const stop = open < 0 ? -1 : action.indexOf(CLOSE, open + OPEN.length);
    if (stop < 0) return [false, true, "", ""];
    const query = strip(action.slice(open + OPEN.length, stop));
    const parsed = action.slice(0, stop + CLOSE.length);
    return chain(this.#findUrl(), (found) => this.#search(found, query, parsed));
  }

  async #search(from: string, query: string, parsed: string): Promise<ToolResult> {
    const { topk, timeout, message_format: format } = this.options;
    try {
      const answer = await search(from, { query, topk, format }, timeout * 1000);
      const text = passagesText(answer);
      if (text === undefined) throw unreadable(from, "it has no list of passages with contents");
      // Upstream quirk Q54: a passage that holds the mark makes the search count as failed.
      return [true, text.includes(ERROR_MARK), text, parsed];
    } catch (error) {
      if (!(error instanceof SearchFailure)) throw error;
      const { fault, message, retryable } = error;
      const told = { outcome: "fault", cause: fault.code, message: fault.message } as const;
      return [true, true, errorText(message), parsed, { ...told, retryable }];
    }
  }

  /** The server's address; once it is known, it stays. @throws GEM_INVALID_OPTION while nothing names one */
  #findUrl(): MaybePromise<string> {
    if (this.#url !== undefined) return this.#url;
    const { search_url: given } = this.options;
    const own = typeof given === "function" ? given() : given;
    return chain(own, (address) => {
      // Differs from upstream D75: the variable is read until it names a server, where upstream reads it once.
      const found = address ?? process.env["SEARCH_URL"];
      if (found === undefined || found === "") {
        throw new GemError(
          "GEM_INVALID_OPTION",
          "SearchTool does not know a search server. Pass search_url, or set SEARCH_URL to the address of one.",
        );
      }
      this.#url = found;
      return found;
    });
  }
}
