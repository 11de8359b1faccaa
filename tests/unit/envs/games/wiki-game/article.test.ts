import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inlineHost } from "../../../../../src/core/host.ts";
import {
  decodePath,
  encodePath,
  pathsOf,
  readArticle as readingArticle,
  type Article,
} from "../../../../../src/envs/games/wiki-game/article.ts";

const readArticle = (html: string, path: string): Article => {
  const article = inlineHost.run(readingArticle(html, path));
  if (article instanceof Promise) throw new Error("An inline host answers at once.");
  return article;
};

const PAGE = `<!doctype html><html><head><title>Tea - Wiki</title></head><body>
<nav><a href="Navigation">n</a></nav>
<h1 id="firstHeading">Tea &amp; <i>leaves</i></h1>
<div id="mw-content-text">
<table class="infobox"><tr><td>box <a href="Boxed">b</a></td></tr></table>
<p>Tea is a <a href="./Hot_drink#kinds">hot drink</a>.<sup class="reference"><a href="#r1">[1]</a></sup></p>
<figure><a href="../I/cup.jpg">cup</a></figure>
<p>It comes from <a href="Caf%C3%A9_au%20lait">elsewhere</a>, <a href="Hot_drink">again</a>,
<a href="https://example.org/">outside</a>, <a href="geo:1,2">here</a>, <a href="mailto:a@b">m</a>,
<a href="Tea">itself</a>, <a href="Node.js">js</a>, <a href="What%3F">what</a> and <a>nowhere</a>.</p>
<ol class="references"><li>ref</li></ol><script>code()</script>
</div></body></html>`;

describe("readArticle", () => {
  it("finds title, links in their order without duplicates, and running text", () => {
    expect(readArticle(PAGE, "Tea")).toEqual({
      kind: "article",
      title: "Tea & leaves",
      links: ["Boxed", "Hot drink", "Café au lait", "Node.js", "What?"],
      content:
        "Tea is a hot drink.\nIt comes from elsewhere, again, outside, here, m, itself, js, what and nowhere.",
    });
  });

  it("resolves links against the page's folder, and drops the namespace of older collections", () => {
    const links = (html: string, path: string) => {
      const article = readArticle(html, path);
      return article.kind === "article" ? article.links : article;
    };
    expect(links('<a href="B">b</a><a href="../I/p.png">p</a>', "A/Page")).toEqual(["B"]);
    expect(links('<a href="../../Top">t</a><a href="c">c</a>', "a/b/Page")).toEqual([
      "Top",
      "a/b/c",
    ]);
  });

  it("takes the title from elsewhere when there is no heading", () => {
    const titleOf = (html: string) => readArticle(html, "Some_path");
    expect(titleOf("<title>From head</title>")).toMatchObject({ title: "From head" });
    expect(titleOf("<p>text</p>")).toMatchObject({ title: "Some path" });
  });

  it("sees a redirect that is written in HTML", () => {
    for (const content of ["0;URL=Other_page", "0; url='./Other_page#x'"]) {
      const html = `<meta http-equiv="refresh" content="${content}">`;
      expect(readArticle(html, "Page")).toEqual({ kind: "redirect", target: "Other_page" });
    }
    const outside = '<meta http-equiv="refresh" content="0;URL=https://example.org/">';
    expect(readArticle(outside, "Page").kind).toBe("article");
  });

  it("answers any text, however deeply nested or broken", () => {
    const pieces = [
      "<b>",
      "<table>",
      "</b>",
      "<!--",
      "<a href=",
      '<a "',
      "<",
      "<style>",
      "&amp",
      "<div class=navbox>",
    ];
    for (const piece of ["", ...pieces]) {
      expect(readArticle(piece.repeat(100_000), "%\ud800").kind).toBe("article");
    }
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (texts) => {
        readArticle(texts.join(""), "Page");
      }),
    );
  });
});

describe("paths", () => {
  it("are tried with underscores first, then as they are", () => {
    expect(pathsOf("Hot drink")).toEqual(["Hot_drink", "Hot drink"]);
    expect(pathsOf("Tea")).toEqual(["Tea"]);
  });

  it("survive percent-encoding", () => {
    const path = "A/B?c#d %é";
    expect(encodePath(path)).toBe("A/B%3Fc%23d%20%25%C3%A9");
    expect(decodePath(encodePath(path))).toBe(path);
    expect(decodePath("100%")).toBe("100%");
  });
});
