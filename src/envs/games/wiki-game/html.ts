/**
 * HTML as a flat list of tags and texts, in time linear in its length whatever it holds.
 *
 * A parser that builds a tree takes time quadratic in how deeply tags are nested; an article needs no tree.
 */
import { decodeHTML } from "entities";
import type { Work } from "../../../core/host.ts";

/** A tag, or the text between two. */
export type HtmlPart =
  | { readonly kind: "open"; readonly name: string; readonly attributes: string }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

/** Elements whose content is text even where it looks like tags. */
const RAW = new Set(["script", "style", "textarea", "title", "noscript", "iframe", "xmp"]);
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;
const QUOTE_OR_END = /["'>]/g;
const NAME = /[a-z][^\s/>]*/iy;
const ATTRIBUTE = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** Parts between two interruptions: about 100 µs of work. */
const BATCH_PARTS = 200;

/** Takes HTML apart; what follows a tag or comment without an end is left out. */
export function* htmlParts(html: string): Work<readonly HtmlPart[]> {
  const parts: HtmlPart[] = [];
  let pause = BATCH_PARTS;
  let position = 0;
  const addText = (end: number): void => {
    if (end > position) parts.push({ kind: "text", text: html.slice(position, end) });
  };
  for (;;) {
    if (parts.length >= pause) {
      pause += BATCH_PARTS;
      yield;
    }
    const start = nextTag(html, position);
    addText(start);
    if (start === html.length) return parts;
    const markup = readMarkup(html, start);
    if (markup === undefined) return parts;
    if (markup.part !== undefined) parts.push(markup.part);
    position = markup.end;
    if (markup.part?.kind === "open" && RAW.has(markup.part.name)) {
      const end = endOfRaw(html, position, markup.part.name);
      addText(end);
      position = end;
    }
  }
}

/** The value of an attribute, `""` for one without a value; undefined when a tag does not have it. */
export function attribute(part: HtmlPart, name: string): string | undefined {
  // Most tags do not have it; finding that out is cheaper than reading all they have.
  if (part.kind !== "open" || !part.attributes.toLowerCase().includes(name)) return undefined;
  for (const [, key = "", double, single, bare] of part.attributes.matchAll(ATTRIBUTE)) {
    if (key.toLowerCase() === name) return decodeText(double ?? single ?? bare ?? "");
  }
  return undefined;
}

/** The classes of a tag. */
export function classesOf(part: HtmlPart): readonly string[] {
  return attribute(part, "class")?.split(/\s+/) ?? [];
}

/** The index behind the part that closes the element opened at `open`; elements of the same name within are counted. */
export function endOfElement(parts: readonly HtmlPart[], open: number): number {
  const first = parts[open];
  if (first?.kind !== "open" || VOID.test(first.name)) return open + 1;
  let depth = 0;
  for (let i = open; i < parts.length; i++) {
    const part = parts[i];
    if (part === undefined || part.kind === "text" || part.name !== first.name) continue;
    depth += part.kind === "open" ? 1 : -1;
    if (depth === 0) return i + 1;
  }
  return parts.length;
}

/** Character references undone. */
export function decodeText(text: string): string {
  return text.includes("&") ? decodeHTML(text) : text;
}

/** Where the next tag, comment or declaration starts; the text's length when none does. */
function nextTag(html: string, from: number): number {
  for (let at = html.indexOf("<", from); at >= 0; at = html.indexOf("<", at + 1)) {
    if (/[a-z/!?]/i.test(html[at + 1] ?? "")) return at;
  }
  return html.length;
}

/** A tag, comment or declaration and where it ends; undefined when it does not. */
function readMarkup(html: string, start: number): { part?: HtmlPart; end: number } | undefined {
  if (html.startsWith("<!--", start)) return endingWith(html, "-->", start + 4);
  const isClose = html[start + 1] === "/";
  NAME.lastIndex = start + (isClose ? 2 : 1);
  const name = NAME.exec(html)?.[0].toLowerCase();
  if (name === undefined) return endingWith(html, ">", start);
  const from = NAME.lastIndex;
  const end = endOfTag(html, from);
  if (end === undefined) return undefined;
  if (isClose) return { part: { kind: "close", name }, end };
  return { part: { kind: "open", name, attributes: html.slice(from, end - 1) }, end };
}

function endingWith(html: string, mark: string, from: number): { end: number } | undefined {
  const at = html.indexOf(mark, from);
  return at < 0 ? undefined : { end: at + mark.length };
}

/** Behind the `>` of a tag; one within quotes does not count. */
function endOfTag(html: string, from: number): number | undefined {
  let position = from;
  for (;;) {
    QUOTE_OR_END.lastIndex = position;
    const at = QUOTE_OR_END.exec(html)?.index;
    if (at === undefined) return undefined;
    const character = html.charAt(at);
    if (character === ">") return at + 1;
    const close = html.indexOf(character, at + 1);
    if (close < 0) return undefined;
    position = close + 1;
  }
}

function endOfRaw(html: string, from: number, name: string): number {
  const close = new RegExp(`</${name}(?=[\\s/>])`, "gi");
  close.lastIndex = from;
  return close.exec(html)?.index ?? html.length;
}
