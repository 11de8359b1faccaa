/** Reading an encyclopedia's article out of its HTML. */
import {
  attribute,
  classesOf,
  decodeText,
  endOfElement,
  htmlParts,
  type HtmlPart,
} from "./html.ts";
import type { Work } from "../../../core/host.ts";
import { MAX_CONTENT } from "./page.ts";

/** What an HTML page says. */
export type Article =
  | { readonly kind: "article"; title: string; content: string; links: string[] }
  /** `target` is the path of the page that stands in its place. */
  | { readonly kind: "redirect"; target: string };

type Matcher = (part: HtmlPart) => boolean;
type Parts = readonly HtmlPart[];

const isElement =
  (name: string): Matcher =>
  (part) =>
    part.kind === "open" && part.name === name;
const hasId =
  (id: string): Matcher =>
  (part) =>
    part.kind === "open" && part.attributes.includes(id) && attribute(part, "id") === id;

/** Where the article stands, and where its title: the first that there is. */
const BODIES = [
  hasId("mw-content-text"),
  hasId("bodyContent"),
  hasId("content"),
  isElement("main"),
  isElement("body"),
];
const HEADINGS = [
  hasId("firstHeading"),
  (part: HtmlPart) => isElement("h1")(part) && classesOf(part).includes("article-header"),
  isElement("h1"),
  isElement("title"),
];

/** What is no running text: tables, boxes, pictures, references, and what belongs to the page rather than to the article. */
const NO_TEXT_ELEMENTS = new Set(
  "h1 table figure script style noscript textarea nav header footer math".split(" "),
);
const NO_TEXT_CLASSES = new Set(
  "reference references reflist mw-references-wrap infobox navbox vertical-navbox sidebar metadata thumb gallery hatnote toc noprint".split(
    " ",
  ),
);
/** Elements that stand on lines of their own. */
const BLOCK =
  /^(?:address|article|aside|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|main|ol|p|pre|section|table|td|th|tr|ul)$/;
/** Characters after which no more text is read: more than a page keeps, since character references shrink. */
const ENOUGH_TEXT = 4 * MAX_CONTENT;
const REFRESH = /^\s*\d+\s*;\s*url\s*=(.+)$/i;
const MEDIA = /\.(?:png|jpe?g|gif|svg|webp|tiff?|ogg|oga|ogv|webm|mp3|mp4|wav|pdf)$/i;
/** Addresses of pages are resolved below this one, which is nowhere. */
const ROOT = "http://collection.invalid/";

/** Links, or pieces of text, between two interruptions: about 100 µs of work. */
const BATCH_LINKS = 20;
const BATCH_PIECES = 500;

/** Reads an article. @param path its path in the collection, to which its links are relative */
export function* readArticle(html: string, path: string): Work<Article> {
  const parts = yield* htmlParts(html);
  const target = refreshTarget(parts, path);
  if (target !== undefined) return { kind: "redirect", target };
  const body = elementOf(parts, BODIES) ?? parts;
  return {
    kind: "article",
    title: titleIn(parts) ?? titleOf(path),
    links: yield* linksOf(body, path),
    content: yield* runningText(body),
  };
}

/** A page's path as people read it; `pathsOf` leads back. */
export function titleOf(path: string): string {
  return path.replaceAll("_", " ");
}

/** Paths under which a title may be found, the usual one first. */
export function pathsOf(title: string): readonly string[] {
  const usual = title.replaceAll(" ", "_");
  return usual === title ? [title] : [usual, title];
}

/** A path in percent-encoding, slashes kept. */
export function encodePath(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}

/** Percent-encoding undone; a text in which it is broken stays as it is. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The parts of the first element that the first possible matcher finds. */
function elementOf(parts: Parts, matchers: readonly Matcher[]): Parts | undefined {
  for (const matches of matchers) {
    const open = parts.findIndex(matches);
    if (open >= 0) return parts.slice(open, endOfElement(parts, open));
  }
  return undefined;
}

function titleIn(parts: Parts): string | undefined {
  const texts = HEADINGS.map((matches) => {
    const heading = elementOf(parts, [matches]) ?? [];
    const text = heading.map((part) => (part.kind === "text" ? part.text : "")).join("");
    return inOneLine(decodeText(text));
  });
  return texts.find((text) => text !== "");
}

function refreshTarget(parts: Parts, path: string): string | undefined {
  const refresh = parts.find(
    (part) => isElement("meta")(part) && attribute(part, "http-equiv")?.toLowerCase() === "refresh",
  );
  if (refresh === undefined) return undefined;
  const address = REFRESH.exec(attribute(refresh, "content") ?? "")?.[1];
  return address === undefined
    ? undefined
    : resolve(address.trim().replaceAll(/^['"]|['"]$/g, ""), baseOf(path));
}

/** Titles of the pages that a body links to, each once, in order. */
function* linksOf(body: Parts, path: string): Work<string[]> {
  // Differs from upstream D48: titles to read, in document order, where upstream has raw addresses in the order of a hash.
  const titles = new Set<string>();
  const base = baseOf(path);
  let seen = 0;
  for (const part of body) {
    if (!isElement("a")(part)) continue;
    seen += 1;
    if (seen % BATCH_LINKS === 0) yield;
    const address = attribute(part, "href");
    const target = address === undefined ? undefined : resolve(address.trim(), base);
    if (target === undefined || target === path || MEDIA.test(target)) continue;
    titles.add(titleOf(target));
  }
  return [...titles];
}

/** What addresses on a page are relative to. */
function baseOf(path: string): URL {
  return new URL(ROOT + encodePath(path));
}

/** The path that an address on a page leads to; undefined when it leads out of the collection, or nowhere. */
function resolve(address: string, base: URL): string | undefined {
  const url = parseAddress(address, base);
  if (url?.host !== base.host || url.protocol !== base.protocol) return undefined;
  const target = decodePath(url.pathname.slice(1));
  // Pages of collections up to 2021 stand in a namespace "A", which titles do not name.
  const inOld = base.pathname.startsWith("/A/") && target.startsWith("A/");
  const own = inOld ? target.slice(2) : target;
  return own === "" ? undefined : own;
}

function parseAddress(address: string, base: URL): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}

function* runningText(body: Parts): Work<string> {
  const pieces: string[] = [];
  let length = 0;
  for (let i = 0; i < body.length && length < ENOUGH_TEXT; i++) {
    const part = body[i];
    if (part === undefined) continue;
    if (i % BATCH_PIECES === 0) yield;
    if (part.kind === "text") {
      const text = part.text.replaceAll(/\s+/g, " ");
      length += text.length;
      pieces.push(text);
    } else if (isNoText(part)) i = endOfElement(body, i) - 1;
    else if (BLOCK.test(part.name)) pieces.push("\n");
  }
  const lines = decodeText(pieces.join("")).split("\n").map(inOneLine);
  return lines.filter((line) => line !== "").join("\n");
}

function isNoText(part: HtmlPart): boolean {
  if (part.kind !== "open") return false;
  return (
    NO_TEXT_ELEMENTS.has(part.name) || classesOf(part).some((name) => NO_TEXT_CLASSES.has(name))
  );
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
