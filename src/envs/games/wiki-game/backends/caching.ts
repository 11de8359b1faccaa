import type { PythonRandom } from "../../../../random/python-random.ts";
import type { WikiBackend } from "../backend.ts";
import type { WikiPage } from "../page.ts";

/** A backend that is asked for each title once an episode, if so wished. */
export function cachedIf(wished: boolean, backend: WikiBackend): WikiBackend {
  return wished ? new CachingBackend(backend) : backend;
}

class CachingBackend implements WikiBackend {
  readonly #inner: WikiBackend;
  readonly #pages = new Map<string, WikiPage>();

  constructor(inner: WikiBackend) {
    this.#inner = inner;
  }

  startEpisode(): void {
    this.#pages.clear();
    this.#inner.startEpisode?.();
  }

  randomPage(random: PythonRandom, signal: AbortSignal): Promise<WikiPage> {
    return this.#inner.randomPage(random, signal);
  }

  async page(title: string, signal: AbortSignal): Promise<WikiPage> {
    const known = this.#pages.get(title);
    if (known !== undefined) return known;
    const page = await this.#inner.page(title, signal);
    this.#pages.set(title, page);
    return page;
  }

  async close(): Promise<void> {
    await this.#inner.close?.();
  }
}
