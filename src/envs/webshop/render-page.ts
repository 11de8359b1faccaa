import { strip } from "../../text/strip.ts";
import type { Piece } from "./page.ts";

/** How pages are shown. */
export const MODES = ["text", "html", "text_rich", "url"] as const;

/** One of these. */
export type Mode = (typeof MODES)[number];

/** What a page shows beside its pieces. */
export interface PageView {
  readonly pieces: readonly Piece[];
  readonly url: string;
  /** The chosen value by option. */
  readonly options: Readonly<Record<string, string>>;
  /** The asins of products that were looked at. */
  readonly visited: readonly string[];
}

/** A page as an observation. */
export function renderPage(view: PageView, mode: Mode): string {
  if (mode === "url") return view.url;
  if (mode === "html") return htmlOf(view);
  return mode === "text" ? textOf(view) : richTextOf(view);
}

const INSTRUCTION = "Instruction:";

/** The texts after the instruction, or all where there is none. */
function textOf({ pieces }: PageView): string {
  const after = pieces.findIndex(({ kind }) => kind === "instruction") + 1;
  const words = pieces.slice(after).map(wordsOf);
  return words.filter((word) => word !== "").join(" [SEP] ");
}

function wordsOf(piece: Piece): string {
  switch (piece.kind) {
    case "button":
      return piece.label;
    case "product":
      return piece.asin;
    case "option":
      return piece.value;
    case "search_box":
      return "";
    default:
      return strip(piece.text);
  }
}

function richTextOf({ pieces, options, visited }: PageView): string {
  let before = "";
  const lines = pieces.flatMap((piece): string[] => {
    const words = wordsOf(piece);
    switch (piece.kind) {
      case "instruction":
      case "search_box":
        return [];
      case "button":
        return [`[button] ${words} [button_]`];
      case "product": {
        const button = visited.includes(piece.asin) ? "clicked button" : "button";
        return [`\n[${button}] ${words} [button_]`];
      }
      case "option": {
        const isChosen = Object.values(options).includes(piece.value);
        if (!isChosen) return [`  [button] ${words} [button_]`];
        before += `You have clicked ${words}.\n`;
        return [`  [clicked button] ${words} [clicked button_]`];
      }
      default:
        return words === "" ? [] : [words];
    }
  });
  return before + lines.join("\n");
}

function htmlOf(view: PageView): string {
  const body = view.pieces.map((piece) => `    ${htmlOfPiece(piece, view)}`).join("\n");
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>WebShop</title>
  </head>
  <body>
${body}
  </body>
</html>
`;
}

function htmlOfPiece(piece: Piece, { options }: PageView): string {
  switch (piece.kind) {
    case "instruction":
      return `<div id="instruction-text"><h4>${INSTRUCTION}</h4><p>${escaped(piece.text)}</p></div>`;
    case "search_box":
      return '<input type="text" id="search_input" name="search_query">';
    case "button":
      return `<button type="submit" class="btn">${escaped(piece.label)}</button>`;
    case "product":
      return `<a class="product-link" href="#">${escaped(piece.asin)}</a>`;
    case "option": {
      const chosen = options[piece.name] === piece.value ? " checked" : "";
      const name = escaped(piece.name);
      const value = escaped(piece.value);
      return `<input type="radio" name="${name}" value="${value}"${chosen}><label>${value}</label>`;
    }
    case "heading":
      return `<h2>${escaped(piece.text)}</h2>`;
    case "hidden":
      return `<div hidden>${escaped(piece.text)}</div>`;
    default:
      return `<p>${escaped(piece.text)}</p>`;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
