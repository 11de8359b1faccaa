/** Snippets of search results: stretches of a page with `...` between them. */

const LEAST_WORDS = 6;

/** The stretches of a snippet that have more than five words. */
export function segmentsOf(snippet: string): readonly string[] {
  return snippet
    .split(/\.\.\.|…/)
    .map((segment) => segment.replace(/\s+/g, " ").trim())
    .filter((segment) => segment.split(" ").length >= LEAST_WORDS);
}

/** The paragraphs that hold a stretch, in the page's order, each once. */
export function surroundings(segments: readonly string[], paragraphs: readonly string[]): string {
  const wanted = segments.map(comparable);
  return paragraphs
    .filter((paragraph) => {
      const text = comparable(paragraph);
      return wanted.some((segment) => text.includes(segment));
    })
    .join("\n");
}

/** Case, spaces and the sign at the end do not count. */
function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.,;:!?]$/, "");
}
