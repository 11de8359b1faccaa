import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { decodeHTML } from "entities";

/** How pages are read. */
export interface PageOptions {
  /** ms for all pages of a query. */
  readonly timeoutMs?: number;
  /** Whether pages on this machine and in its own network are read too: results could point there. */
  readonly allowPrivate?: boolean;
}

const PAGES_AT_ONCE = 8;
const TIMEOUT_MS = 5000;
const LARGEST_PAGE_BYTES = 4 * 1024 * 1024;
const MOST_REDIRECTS = 3;
const USER_AGENT = "Mozilla/5.0 (compatible; gem-search-server)";
const OTHER_FILES =
  /\.(?:pdf|docx?|xlsx?|pptx?|zip|gz|jpe?g|png|gif|svg|webp|mp[34]|csv|json|xml|txt)$/i;

/** Whether an address looks like a page's. */
export function isHtmlLink(link: string): boolean {
  if (!/^https?:/.test(link) || !URL.canParse(link)) return false;
  return !OTHER_FILES.test(new URL(link).pathname);
}

/** Reads pages of the web; one that cannot be read has no paragraphs. */
export class PageReader {
  readonly #timeoutMs: number;
  readonly #allowPrivate: boolean;

  constructor({ timeoutMs = TIMEOUT_MS, allowPrivate = false }: PageOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#allowPrivate = allowPrivate;
  }

  /** The paragraphs of each page. @throws the signal's reason */
  async paragraphs(
    links: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    const waiting = [...new Set(links)];
    const found = new Map<string, readonly string[]>();
    const read = async (): Promise<void> => {
      for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
        const html = await this.#read(new URL(link), limit).catch(() => "");
        found.set(link, paragraphsOf(html));
      }
    };
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, read));
    signal.throwIfAborted();
    return found;
  }

  async #read(start: URL, signal: AbortSignal): Promise<string> {
    let url = start;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      if (!this.#allowPrivate && (await isPrivate(url.hostname))) return "";
      const headers = { "user-agent": USER_AGENT, accept: "text/html" };
      const response = await fetch(url, { redirect: "manual", headers, signal });
      const location = response.headers.get("location");
      if (location !== null && URL.canParse(location, url.href)) {
        await response.body?.cancel();
        url = new URL(location, url);
        if (!isHtmlLink(url.href)) return "";
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        return "";
      }
      return decodePage(await readSome(response), response.headers.get("content-type") ?? "");
    }
    return "";
  }
}

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  PRIVATE.addSubnet(network, prefix, "ipv6");

async function isPrivate(host: string): Promise<boolean> {
  const name = host.replace(/^\[|\]$/g, "");
  const addresses =
    isIP(name) > 0 ? [name] : (await lookup(name, { all: true })).map((a) => a.address);
  // An IPv4 address in the clothes of an IPv6 one is nothing that a page would be found at.
  return addresses.some(
    (address) =>
      address.startsWith("::ffff:") ||
      PRIVATE.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"),
  );
}

async function readSome(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const part of body) {
    parts.push(part);
    size += part.byteLength;
    if (size >= LARGEST_PAGE_BYTES) break;
  }
  return Buffer.concat(parts);
}

/** A page in the encoding that its header or its `<meta>` names; UTF-8 otherwise. */
function decodePage(bytes: Buffer, contentType: string): string {
  const head = bytes.subarray(0, 4096).toString("latin1");
  const named = /charset\s*=\s*["']?([\w-]+)/i;
  const label = named.exec(contentType)?.[1] ?? named.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}

/** The texts of the `<p>` elements. */
function paragraphsOf(html: string): readonly string[] {
  const parts = html.split(/<p(?=[\s>])/i).slice(1);
  return parts
    .map((part) => part.slice(part.indexOf(">") + 1).split(/<\/p\b/i)[0] ?? "")
    .map((part) =>
      decodeHTML(part.replace(/<[^<>]*>/g, ""))
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((text) => text !== "");
}
