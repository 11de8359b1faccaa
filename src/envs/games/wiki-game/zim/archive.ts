/** Reading ZIM files (versions 5 and 6, plain or Zstandard clusters), in which Wikipedia and others are published for offline use. */
import { ZimClusters } from "./clusters.ts";
import { ZimEntries, type ZimEntry } from "./entries.ts";
import { RandomAccessFile } from "./file.ts";
import { readHeader } from "./header.ts";

/** A text document of a ZIM file. */
export interface ZimDocument {
  readonly path: string;
  readonly html: string;
}

const MAX_REDIRECTS = 10;

/** An open ZIM file. */
export class ZimArchive {
  readonly #file: RandomAccessFile;
  readonly #entries: ZimEntries;
  readonly #clusters: ZimClusters;
  readonly #articles: string;
  /** The numbers of the entries of the articles' namespace. */
  readonly #range: { readonly start: number; readonly end: number };

  private constructor(
    file: RandomAccessFile,
    entries: ZimEntries,
    clusters: ZimClusters,
    articles: string,
    range: { readonly start: number; readonly end: number },
  ) {
    this.#file = file;
    this.#entries = entries;
    this.#clusters = clusters;
    this.#articles = articles;
    this.#range = range;
  }

  /** @throws GEM_UNAVAILABLE when there is no such file, it is no ZIM file, or damaged */
  static async open(path: string): Promise<ZimArchive> {
    const file = await RandomAccessFile.open(path);
    try {
      const header = await readHeader(file);
      const entries = new ZimEntries(file, header);
      const range = await entries.range(header.articles);
      return new ZimArchive(file, entries, new ZimClusters(file, header), header.articles, range);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** How many entries the articles' namespace has: articles, redirects to them, and in newer files also pictures. */
  get size(): number {
    return this.#range.end - this.#range.start;
  }

  /** The n-th entry, n from 0 to below `size`, if it is an HTML document and not only a redirect to one. */
  async documentAt(n: number): Promise<ZimDocument | undefined> {
    const entry = await this.#entries.at(this.#range.start + n);
    return entry.target?.kind === "item" ? this.#document(entry) : undefined;
  }

  /** The HTML document under a path, over redirects. */
  async documentByPath(path: string): Promise<ZimDocument | undefined> {
    return this.#document(await this.#entries.findPath(this.#articles, path));
  }

  /** The HTML document with a title, over redirects, where the file lists titles. */
  async documentByTitle(title: string): Promise<ZimDocument | undefined> {
    return this.#document(await this.#entries.findTitle(this.#articles, title));
  }

  /** Closes the file. */
  close(): Promise<void> {
    return this.#file.close();
  }

  async #document(start: ZimEntry | undefined): Promise<ZimDocument | undefined> {
    let entry = start;
    for (let hops = 0; entry?.target?.kind === "redirect" && hops < MAX_REDIRECTS; hops++) {
      entry = await this.#entries.at(entry.target.entry);
    }
    if (entry?.target?.kind !== "item" || !entry.target.mimeType.startsWith("text/html")) {
      return undefined;
    }
    const bytes = await this.#clusters.blob(entry.target.cluster, entry.target.blob);
    return { path: entry.path, html: bytes.toString("utf8") };
  }
}
