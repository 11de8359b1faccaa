/** A ZIM file of a few pages, written by `zimwriterfs`, and a `kiwix-serve` that serves it. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";

/** The picture that a ZIM file has to have: 48 by 48 black dots, as PNG in base64. */
const ICON =
  "iVBORw0KGgoAAAANSUhEUgAAADAAAAAwAQAAAAB/ecQqAAAADUlEQVR42mNgGAXUBAABUAABNLg62QAAAABJRU5ErkJggg==";

/** Pages by path; a text that begins with `->` is a redirect. */
export type ZimPages = Readonly<Record<string, string>>;

/** Writes a ZIM file named `pages.zim`. */
export function writeZim(pages: ZimPages): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "gem-zim-"));
  const html = join(folder, "html");
  for (const [path, text] of Object.entries(pages)) {
    mkdirSync(dirname(join(html, path)), { recursive: true });
    writeFileSync(join(html, path), htmlOf(path, text));
  }
  writeFileSync(join(html, "icon.png"), Buffer.from(ICON, "base64"));
  const [first = ""] = Object.keys(pages);
  const facts = ["-w", first, "-I", "icon.png", "-l", "eng", "-t", "Pages", "-d", "Pages"];
  const rest = ["-c", "tests", "-p", "tests", "-J", "1", "-m", "16", "-j", "-x", html];
  const path = join(folder, "pages.zim");
  execFileSync(program("zimwriterfs"), [...facts, ...rest, path], { stdio: "pipe" });
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

/** Serves a ZIM file until `stop`. */
export async function serveZim(path: string): Promise<{ readonly url: string; stop(): void }> {
  const port = await freePort();
  // The server ends with this process, however that ends.
  const own = ["--attachToProcess", String(process.pid)];
  const args = [...own, "--port", String(port), "--address", "127.0.0.1", path];
  const server = spawn(program("kiwix-serve"), args, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitUntil(
    () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    { timeout: 15_000 },
  );
  return { url, stop: () => void server.kill() };
}

/** A program of the set-up step "kiwix": unpacked in the cache, or else on PATH. */
function program(name: string): string {
  const unpacked = join(import.meta.dirname, "../../../../../.cache/kiwix/bin", name);
  return existsSync(unpacked) ? unpacked : name;
}

function htmlOf(path: string, text: string): string {
  const title = path.replaceAll("_", " ");
  if (!text.startsWith("->")) {
    const head = `<html><head><title>${title}</title></head>`;
    return `${head}<body><h1 id="firstHeading">${title}</h1>${text}</body></html>`;
  }
  const refresh = `<meta http-equiv="refresh" content="0;URL=${text.slice(2)}">`;
  return `<html><head><title>${title}</title>${refresh}</head><body></body></html>`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
