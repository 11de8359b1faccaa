import { GemError, show } from "../../errors.ts";
import { contentsOf, type PassageDocument } from "../engine.ts";

/** Reads a passage back from `JSON.stringify` of one. */
export function parseDocument(json: string): PassageDocument {
  return JSON.parse(json) as PassageDocument;
}

/**
 * A corpus row as a passage: all that the row has, with `id`, `title`, `text` and `contents` filled in from each other.
 *
 * @param position the row's position in the corpus, from 0: its id where it has none
 * @throws GEM_INVALID_OPTION
 */
export function passageOf(row: unknown, position: number): PassageDocument {
  if (typeof row !== "object" || row === null || Array.isArray(row)) throw wrong(position, row);
  const entries: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) {
    // No client could read such a map.
    if (key !== "__proto__") entries[key] = value;
  }
  const { id, contents, title, text } = entries;
  if (typeof contents === "string") {
    const [first = "", ...rest] = contents.split("\n");
    entries["title"] ??= first.replaceAll('"', "");
    entries["text"] ??= rest.join("\n");
  } else if (contents === undefined && typeof title === "string" && typeof text === "string") {
    entries["contents"] = contentsOf(title, text);
  } else {
    throw wrong(position, row);
  }
  entries["id"] = typeof id === "string" || typeof id === "number" ? String(id) : String(position);
  return entries as PassageDocument;
}

function wrong(position: number, row: unknown): GemError {
  return new GemError(
    "GEM_INVALID_OPTION",
    `Row ${position + 1} of the corpus must be a JSON object with a string "contents", or strings "title" and "text", got ${show(row)}.`,
    { row: position + 1 },
  );
}
