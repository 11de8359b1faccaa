/** Pages of a ZIM file on this machine, without a server. */
import { resolve } from "node:path";
import { z } from "zod";
import type { EnvHost } from "../../../../core/host.ts";
import { parseOptions, type OptionValues } from "../../../../core/options.ts";
import type { PythonRandom } from "../../../../random/python-random.ts";
import { pathsOf, readArticle } from "../article.ts";
import { drawUntilLinked, noSuchPage, type WikiBackend } from "../backend.ts";
import { DEFAULT_LINKS, makePage, type WikiPage } from "../page.ts";
import { ZimArchive, type ZimDocument } from "../zim/archive.ts";

const OPTIONS = {
  path: z.string().min(1).describe("the path of a .zim file"),
  max_links: z.int().min(1).default(DEFAULT_LINKS).describe("a positive integer"),
};

const MAX_REDIRECTS = 10;

/** An open file, and how many backends use it. */
interface Shared {
  readonly archive: Promise<ZimArchive>;
  users: number;
}

/** Files that are open in this thread: its environments share one handle, and what it has unpacked. */
const openFiles = new Map<string, Shared>();

/** A ZIM file's pages. @param owner whose options they are, for messages @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION */
export function zimBackend(
  owner: string,
  given: Readonly<Record<string, unknown>>,
  host: EnvHost,
): WikiBackend {
  return new ZimBackend(parseOptions(owner, OPTIONS, given), host);
}

class ZimBackend implements WikiBackend {
  readonly #path: string;
  readonly #maxLinks: number;
  readonly #host: EnvHost;
  #shared: Shared | undefined;

  constructor(options: OptionValues<typeof OPTIONS>, host: EnvHost) {
    this.#host = host;
    this.#path = resolve(options.path);
    this.#maxLinks = options.max_links;
  }

  async randomPage(random: PythonRandom, signal: AbortSignal): Promise<WikiPage> {
    const archive = await this.#open();
    return drawUntilLinked(this.#path, async () => {
      signal.throwIfAborted();
      if (archive.size === 0) return undefined;
      // As in the folder backend, the environment's own stream draws (D44).
      const document = await archive.documentAt(random.randbelow(archive.size));
      return document === undefined ? undefined : this.#read(archive, document);
    });
  }

  async page(title: string, signal: AbortSignal): Promise<WikiPage> {
    const archive = await this.#open();
    const document = await find(archive, title);
    const page = document === undefined ? undefined : await this.#read(archive, document);
    signal.throwIfAborted();
    if (page === undefined) throw noSuchPage(this.#path, title);
    return page;
  }

  async close(): Promise<void> {
    const shared = this.#shared;
    if (shared === undefined) return;
    this.#shared = undefined;
    shared.users -= 1;
    if (shared.users > 0) return;
    if (openFiles.get(this.#path) === shared) openFiles.delete(this.#path);
    const archive = await shared.archive.catch(() => undefined);
    await archive?.close();
  }

  async #open(): Promise<ZimArchive> {
    if (this.#shared === undefined) {
      const shared = openFiles.get(this.#path) ?? {
        archive: ZimArchive.open(this.#path),
        users: 0,
      };
      openFiles.set(this.#path, shared);
      shared.users += 1;
      this.#shared = shared;
    }
    try {
      return await this.#shared.archive;
    } catch (error) {
      // The next call tries to open the file again.
      await this.close();
      throw error;
    }
  }

  /** The article of a document, over redirects that are written in HTML. */
  async #read(archive: ZimArchive, first: ZimDocument): Promise<WikiPage | undefined> {
    let document: ZimDocument | undefined = first;
    for (let hops = 0; document !== undefined && hops <= MAX_REDIRECTS; hops++) {
      const article = await this.#host.run(readArticle(document.html, document.path));
      if (article.kind === "article") {
        return makePage({ page_id: document.path, ...article }, this.#maxLinks);
      }
      document = await archive.documentByPath(article.target);
    }
    return undefined;
  }
}

async function find(archive: ZimArchive, title: string): Promise<ZimDocument | undefined> {
  for (const path of pathsOf(title)) {
    const document = await archive.documentByPath(path);
    if (document !== undefined) return document;
  }
  return archive.documentByTitle(title);
}
