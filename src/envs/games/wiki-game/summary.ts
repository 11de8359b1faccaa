import { WHITE_SPACE } from "../../../text/white-space.ts";

/** What a summary's length counts. */
export const SUMMARY_UNITS = ["characters", "words", "sentences"] as const;

/** A length and its unit. */
export type SummaryLength = readonly [count: number, unit: (typeof SUMMARY_UNITS)[number]];

const WORD_GAP = new RegExp(`${WHITE_SPACE}+`, "u");
/** Where one sentence ends and another, with a capital letter, begins. */
const SENTENCE_GAP = new RegExp(`(?<=[.!?])${WHITE_SPACE}+(?=[A-Z])`, "u");

/** The first characters (code points), words or sentences of a text; three dots say that there is more. */
export function summarize(content: string, [count, unit]: SummaryLength): string {
  const parts = partsOf(content, unit);
  const gap = unit === "characters" ? "" : " ";
  const kept = parts.slice(0, count).join(gap);
  return parts.length > count ? `${kept}...` : kept;
}

function partsOf(content: string, unit: SummaryLength[1]): string[] {
  switch (unit) {
    case "characters":
      return Array.from(content);
    case "words":
      return content.split(WORD_GAP).filter((word) => word !== "");
    case "sentences":
      return content.split(SENTENCE_GAP);
  }
}
