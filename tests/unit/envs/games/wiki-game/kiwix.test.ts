/** A real kiwix-serve, and the same ZIM file read directly. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WikiBackend } from "../../../../../src/envs/games/wiki-game/backend.ts";
import { inlineHost } from "../../../../../src/core/host.ts";
import { createBackend } from "../../../../../src/envs/games/wiki-game/backends/index.ts";
import { PythonRandom } from "../../../../../src/random/python-random.ts";
import { send, startServer } from "../../../../fixtures/http-server.ts";
import { serveZim, writeZim } from "./zim-file.ts";

const NEVER = new AbortController().signal;
const FILLER = Array.from({ length: 60 }, (_, i) => [
  `Filler_${i}`,
  `<p>${`Number ${i}. `.repeat(300)}</p><a href="Filler_${(i * 7 + 1) % 60}">next</a>`,
]);
const PAGES: Readonly<Record<string, string>> = {
  Tea: '<p>Tea is a <a href="Hot_drink#kinds">hot drink</a> of <a href="Caf%C3%A9_au_lait">cafés</a> &amp; homes.</p><a href="icon.png">i</a>',
  Hot_drink:
    '<p>A <a href="Tea">tea</a> or not.</p><table><tr><td>cell <a href="C%2B%2B">c</a></td></tr></table>',
  Café_au_lait: '<p>Milk. <a href="./What%3F">What?</a></p>',
  "What?": '<p>Why? <a href="C%2B%2B">C++</a></p>',
  "C++": '<p>A language. <a href="Tea">t</a></p>',
  Chai: "->Tea",
  Dead_end: "<p>Nothing leads on.</p>",
  ...(Object.fromEntries(FILLER) as Record<string, string>),
};
const TEA = {
  page_id: "Tea",
  title: "Tea",
  content: "Tea is a hot drink of cafés & homes.\ni",
  links: ["Hot drink", "Café au lait"],
};

let file: ReturnType<typeof writeZim>;
let server: Awaited<ReturnType<typeof serveZim>>;
const backends = new Map<string, WikiBackend>();

beforeAll(async () => {
  file = writeZim(PAGES);
  server = await serveZim(file.path);
  const http = { url: server.url, zimfile: "pages", query_delay_ms: 0 };
  backends.set("kiwix", createBackend("test", "kiwix", http, inlineHost));
  backends.set("zim", createBackend("test", "zim", { path: file.path }, inlineHost));
}, 60_000);

afterAll(async () => {
  await backends.get("zim")?.close?.();
  server.stop();
  file.remove();
});

function backend(name: string): WikiBackend {
  const found = backends.get(name);
  if (found === undefined) throw new Error(`No backend ${name}.`);
  return found;
}

describe.each(["kiwix", "zim"])("backend %s", (name) => {
  it("gives a page with its text and its links as titles", async () => {
    expect(await backend(name).page("Tea", NEVER)).toEqual(TEA);
  });

  it("follows every link that it gives", async () => {
    const seen = new Set(["Tea"]);
    for (const title of seen) {
      const page = await backend(name).page(title, NEVER);
      expect(page.title).toBe(title);
      for (const link of page.links) seen.add(link);
    }
    expect([...seen]).toEqual(["Tea", "Hot drink", "Café au lait", "C++", "What?"]);
  });

  it("follows redirects", async () => {
    expect(await backend(name).page("Chai", NEVER)).toEqual(TEA);
  });

  it("says so when there is no page of the title, or no page under it", async () => {
    for (const title of ["Atlantis", "icon.png", "", "../Tea", "\ud800"]) {
      await expect(backend(name).page(title, NEVER)).rejects.toMatchObject({
        code: "GEM_UNAVAILABLE",
        details: { title, retryable: false },
      });
    }
  });

  it("draws pages with links only", async () => {
    const random = new PythonRandom(1);
    const titles = new Set<string>();
    for (let i = 0; i < 30; i++) {
      const page = await backend(name).randomPage(random, NEVER);
      expect(page.links.length).toBeGreaterThan(0);
      titles.add(page.title);
    }
    expect(titles.size).toBeGreaterThan(10);
    expect(titles).not.toContain("Dead end");
  });
});

describe("backends kiwix and zim", () => {
  it("give the same pages", async () => {
    for (const path of Object.keys(PAGES)) {
      const title = path.replaceAll("_", " ");
      const served = await backend("kiwix").page(title, NEVER);
      expect(await backend("zim").page(title, NEVER)).toEqual(served);
    }
  });
});

describe("backend zim", () => {
  it("draws the same pages from the same stream", async () => {
    const draw = async () => {
      const random = new PythonRandom(5);
      const titles: string[] = [];
      for (let i = 0; i < 8; i++) {
        titles.push((await backend("zim").randomPage(random, NEVER)).title);
      }
      return titles;
    };
    expect(await draw()).toEqual(await draw());
  });
});

describe("backend kiwix", () => {
  it("names the ZIM file that the server does not have", async () => {
    const other = createBackend("test", "kiwix", { url: server.url, zimfile: "other" }, inlineHost);
    await expect(other.randomPage(new PythonRandom(0), NEVER)).rejects.toThrow(
      /status 404\. Is it a kiwix-serve, and has it a file named "other"\?/,
    );
  });

  it("understands newer servers, which lead to /content/<zim>/, also below a prefix", async () => {
    const newer = await startServer((url, _, response) => {
      const html = { "content-type": "text/html; charset=utf-8" };
      if (url.pathname === "/wiki/random") {
        send(response, 302, "", { location: "/wiki/content/pages/Caf%C3%A9_au_lait" });
      } else if (url.pathname === "/wiki/raw/pages/content/Caf%C3%A9_au_lait") {
        send(response, 302, "", { location: "/wiki/content/pages/A/B" });
      } else if (url.pathname === "/wiki/raw/pages/content/A/B") {
        send(response, 200, '<h1>B</h1><a href="C">c</a>', html);
      } else send(response, 404);
    });
    const options = { url: `${newer.url}/wiki`, zimfile: "pages", query_delay_ms: 0 };
    const page = await createBackend("test", "kiwix", options, inlineHost).randomPage(
      new PythonRandom(0),
      NEVER,
    );
    expect(page).toMatchObject({ page_id: "A/B", title: "B", links: ["C"] });
    await newer.close();
  });

  it("does not go where the server leads out of the ZIM file", async () => {
    const elsewhere = await startServer((_, __, response) =>
      send(response, 302, "", { location: "http://127.0.0.1:1/secret" }),
    );
    const options = { url: elsewhere.url, zimfile: "pages", query_delay_ms: 0 };
    const page = createBackend("test", "kiwix", options, inlineHost).page("Tea", NEVER);
    await expect(page).rejects.toThrow(/leads to .*secret, which is not in it/);
    await elsewhere.close();
  });
});
