/** Pages of a ZIM file that a `kiwix-serve` (3.3 or newer) serves. */
import { z } from "zod";
import type { EnvHost } from "../../../../core/host.ts";
import { parseOptions, type OptionValues } from "../../../../core/options.ts";
import {
  HttpClient,
  redirectTarget,
  unavailable,
  type HttpReply,
  type HttpSession,
} from "../../../../data/http/http-client.ts";
import type { PythonRandom } from "../../../../random/python-random.ts";
import { decodePath, encodePath, pathsOf, readArticle } from "../article.ts";
import { drawUntilLinked, noSuchPage, type WikiBackend } from "../backend.ts";
import { makePage, type WikiPage } from "../page.ts";
import { cachedIf } from "./caching.ts";
import { HTTP_OPTIONS, mannersOf, serverAddress } from "./http-options.ts";

const OPTIONS = {
  url: serverAddress("http://localhost:8080"),
  zimfile: z
    .string()
    .min(1)
    .default("wikipedia_en_simple_all_nopic_2025-09")
    .describe("the name under which kiwix-serve has the ZIM file"),
  ...HTTP_OPTIONS,
};

const MAX_REDIRECTS = 10;

/** What one request for a page gives: where to go on, an article, or nothing. */
type Visit = { readonly next: string } | { readonly html: string } | undefined;

/** A kiwix-serve's pages. @param owner whose options they are, for messages @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION */
export function kiwixBackend(
  owner: string,
  given: Readonly<Record<string, unknown>>,
  host: EnvHost,
): WikiBackend {
  const options = parseOptions(owner, OPTIONS, given);
  return cachedIf(options.query_use_cache, new KiwixBackend(options, host));
}

class KiwixBackend implements WikiBackend {
  readonly #options: OptionValues<typeof OPTIONS>;
  readonly #client: HttpClient;
  readonly #root: URL;
  readonly #host: EnvHost;

  constructor(options: OptionValues<typeof OPTIONS>, host: EnvHost) {
    this.#host = host;
    this.#options = options;
    this.#client = new HttpClient(mannersOf(options));
    this.#root = new URL(options.url.endsWith("/") ? options.url : `${options.url}/`);
  }

  randomPage(_random: PythonRandom, signal: AbortSignal): Promise<WikiPage> {
    const session = this.#client.open(signal);
    const url = new URL(`random?content=${encodeURIComponent(this.#options.zimfile)}`, this.#root);
    return drawUntilLinked(this.#name, async () => {
      const path = await session.get(url, (reply) => {
        const target = redirectTarget(reply);
        if (target !== undefined) return this.#pathAt(target);
        throw this.#refusal(reply);
      });
      return this.#visit(session, path);
    });
  }

  async page(title: string, signal: AbortSignal): Promise<WikiPage> {
    const session = this.#client.open(signal);
    for (const path of pathsOf(title)) {
      const page = await this.#visit(session, path);
      if (page !== undefined) return page;
    }
    throw noSuchPage(this.#name, title);
  }

  /** The article at a path, over redirects; undefined when there is none. */
  async #visit(session: HttpSession, start: string): Promise<WikiPage | undefined> {
    let path = start;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const zim = encodeURIComponent(this.#options.zimfile);
      const url = new URL(`raw/${zim}/content/${encodePath(path)}`, this.#root);
      const visit = await session.get(url, (reply) => this.#read(reply));
      if (visit === undefined) return undefined;
      if ("next" in visit) {
        path = visit.next;
        continue;
      }
      const article = await this.#host.run(readArticle(visit.html, path));
      if (article.kind === "article") {
        return makePage({ page_id: path, ...article }, this.#options.max_links);
      }
      path = article.target;
    }
    return undefined;
  }

  #read(reply: HttpReply): Visit {
    const target = redirectTarget(reply);
    if (target !== undefined) return { next: this.#pathAt(target) };
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw this.#refusal(reply);
    const isPage = (reply.headers.get("content-type") ?? "").includes("html");
    return isPage ? { html: reply.body } : undefined;
  }

  /** The path, within the ZIM file, of an address that the server leads to: `/<zim>/path`, `/content/<zim>/path` and the like. */
  #pathAt(target: URL): string {
    const { pathname } = target;
    const under = pathname.startsWith(this.#root.pathname) ? this.#root.pathname.length : 1;
    const segments = pathname.slice(under).split("/").map(decodePath);
    const name = segments.indexOf(this.#options.zimfile, segments[0] === "content" ? 1 : 0);
    if (name >= 0) return segments.slice(name + 1).join("/");
    throw unavailable(`${this.#name} leads to ${target.href}, which is not in it.`, target);
  }

  #refusal({ url, status }: HttpReply): Error {
    const hint = `Is it a kiwix-serve, and has it a file named ${JSON.stringify(this.#options.zimfile)}?`;
    return unavailable(`${url.href} answers with status ${status}. ${hint}`, url);
  }

  get #name(): string {
    return `${this.#options.zimfile} at ${this.#options.url}`;
  }
}
