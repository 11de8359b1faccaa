import { contentsOf, type PassageDocument } from "../engine.ts";
import { textField } from "../remote-request.ts";

/**
 * A record of another engine as a passage: `contents`, or `title` and `text`, or `text` alone.
 *
 * @param id the engine's id, for a record that has none
 * @returns undefined when it has none of them
 */
export function sourceDocument(source: unknown, id: unknown): PassageDocument | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  const text = textField(source, "text");
  const title = textField(source, "title");
  const contents =
    textField(source, "contents") ??
    (text === undefined ? undefined : contentsOf(title ?? "", text));
  if (contents === undefined) return undefined;
  const own = typeof id === "string" || typeof id === "number" ? { id: String(id) } : {};
  return { ...own, ...source, contents };
}
