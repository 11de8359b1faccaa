import { parse } from "yaml";

/** What an agent's reply asks for. */
export type TerminalAction =
  | {
      readonly kind: "bash";
      readonly command: string;
      readonly seconds: number;
      readonly text: string;
    }
  | { readonly kind: "finish"; readonly text: string }
  /** A call that cannot be understood; `problem` completes "The call was not run: …". */
  | { readonly kind: "bad"; readonly problem: string; readonly text: string }
  /** No call at all, or of something else. */
  | { readonly kind: "none" };

const TAG = "[\\p{L}\\p{N}_]+";
const DEFAULT_SECONDS = 30;
const MOST_SECONDS = 3600;
const MOST_CHARACTERS = 65_536;
const MOST_COMPLAINT = 300;

/**
 * Reads the first pair of tags in a reply, which must be `<bash>` around a YAML map with `cmd` and perhaps `timeout_secs`, or `<finish>`.
 * Linear in the reply's length.
 */
export function readAction(reply: string): TerminalAction {
  const pair = firstPair(reply);
  if (pair === undefined) return { kind: "none" };
  const { tag, content, text } = pair;
  if (tag === "finish") return { kind: "finish", text };
  return tag === "bash" ? readBash(content, text) : { kind: "none" };
}

interface Pair {
  readonly tag: string;
  readonly content: string;
  /** The reply up to the closing tag. */
  readonly text: string;
}

function firstPair(reply: string): Pair | undefined {
  const lastClosing = new Map<string, number>();
  for (const match of reply.matchAll(new RegExp(`</(${TAG})>`, "gu"))) {
    lastClosing.set(match[1] ?? "", match.index);
  }
  for (const match of reply.matchAll(new RegExp(`<(${TAG})>`, "gu"))) {
    const tag = match[1] ?? "";
    const start = match.index + match[0].length;
    if ((lastClosing.get(tag) ?? -1) < start) continue;
    const end = reply.indexOf(`</${tag}>`, start);
    return { tag, content: reply.slice(start, end), text: reply.slice(0, end + tag.length + 3) };
  }
  return undefined;
}

function readBash(content: string, text: string): TerminalAction {
  const bad = (problem: string): TerminalAction => ({ kind: "bad", problem, text });
  if (content.length > MOST_CHARACTERS) {
    return bad(`it has ${content.length} characters, and at most ${MOST_CHARACTERS} are read`);
  }
  let value: unknown;
  try {
    value = parse(content, { logLevel: "error" });
  } catch (error) {
    return bad(`it is no YAML (${complaint(error)})`);
  }
  // Differs from upstream D143: YAML that is no map, such as a bare command, is told; upstream raises out of `step`.
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return bad("a YAML map was expected, with the key cmd");
  }
  const { cmd, timeout_secs: seconds = DEFAULT_SECONDS } = value as Record<string, unknown>;
  if (typeof cmd !== "string") return bad("the key cmd must hold the command, as text");
  if (typeof seconds !== "number" || !(seconds > 0) || seconds > MOST_SECONDS) {
    return bad(`timeout_secs must be a number of seconds above 0, at most ${MOST_SECONDS}`);
  }
  return { kind: "bash", command: cmd, seconds, text };
}

function complaint(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n", 1)[0] ?? "").slice(0, MOST_COMPLAINT);
}
