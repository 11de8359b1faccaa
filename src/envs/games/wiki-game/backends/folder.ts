/** Pages in a folder, for trying out and for tests: every `*.json` file in it is `{"title": …, "content": …, "links": [title, …]}`. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseOptions, type OptionValues } from "../../../../core/options.ts";
import { GemError } from "../../../../errors.ts";
import type { PythonRandom } from "../../../../random/python-random.ts";
import { drawUntilLinked, noSuchPage, type WikiBackend } from "../backend.ts";
import { DEFAULT_LINKS, makePage, type WikiPage } from "../page.ts";

const OPTIONS = {
  path: z.string().min(1).describe("the path of a folder with pages (*.json)"),
  max_links: z.int().min(1).default(DEFAULT_LINKS).describe("a positive integer"),
};

const PAGE_FILE = z.object({
  title: z.string().min(1),
  content: z.string(),
  links: z.array(z.string()),
});

const MAX_FILES = 10_000;
/** Files that are read at a time. */
const BATCH = 64;

/** A folder's pages. @param owner whose options they are, for messages @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION */
export function folderBackend(
  owner: string,
  given: Readonly<Record<string, unknown>>,
): WikiBackend {
  return new FolderBackend(parseOptions(owner, OPTIONS, given));
}

/** The pages of a folder. They are read at the first use. */
class FolderBackend implements WikiBackend {
  readonly #options: OptionValues<typeof OPTIONS>;
  #pages: Promise<ReadonlyMap<string, WikiPage>> | undefined;

  constructor(options: OptionValues<typeof OPTIONS>) {
    this.#options = options;
  }

  async randomPage(random: PythonRandom, signal: AbortSignal): Promise<WikiPage> {
    const pages = [...(await this.#load(signal)).values()];
    // Differs from upstream D44: the environment's own stream draws what lies on this machine, so a seed leads to the same pages.
    return drawUntilLinked(this.#options.path, () => Promise.resolve(random.choice(pages)));
  }

  async page(title: string, signal: AbortSignal): Promise<WikiPage> {
    const page = (await this.#load(signal)).get(title);
    if (page === undefined) throw noSuchPage(this.#options.path, title);
    return page;
  }

  async #load(signal: AbortSignal): Promise<ReadonlyMap<string, WikiPage>> {
    this.#pages ??= this.#read();
    try {
      return await this.#pages;
    } catch (error) {
      this.#pages = undefined;
      throw error;
    } finally {
      signal.throwIfAborted();
    }
  }

  async #read(): Promise<ReadonlyMap<string, WikiPage>> {
    const { path } = this.#options;
    const entries = await readdir(path).catch((error: unknown) =>
      fail(`The folder ${path} cannot be read: ${String(error)}.`, path),
    );
    const names = entries.filter((name) => name.endsWith(".json")).sort();
    if (names.length === 0) fail(`The folder ${path} has no pages (*.json).`, path);
    if (names.length > MAX_FILES) {
      fail(`The folder ${path} has ${names.length} pages; at most ${MAX_FILES} are read.`, path);
    }
    const pages = new Map<string, WikiPage>();
    for (let first = 0; first < names.length; first += BATCH) {
      const batch = names.slice(first, first + BATCH).map((name) => this.#readPage(name));
      for (const page of await Promise.all(batch)) pages.set(page.title, page);
    }
    return pages;
  }

  async #readPage(name: string): Promise<WikiPage> {
    const file = join(this.#options.path, name);
    const wanted = '{"title": text, "content": text, "links": [text, ...]}';
    const value = await readFile(file, "utf8")
      .then((text): unknown => JSON.parse(text))
      .catch((error: unknown) => fail(`${file} cannot be read: ${String(error)}.`, file));
    const result = PAGE_FILE.safeParse(value);
    if (!result.success) return fail(`${file} must hold ${wanted}.`, file);
    return makePage({ page_id: result.data.title, ...result.data }, this.#options.max_links);
  }
}

function fail(message: string, path: string): never {
  throw new GemError("GEM_UNAVAILABLE", message, { path, retryable: false });
}
