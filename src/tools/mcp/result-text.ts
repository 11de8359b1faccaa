import { pythonReprOfJson } from "../../text/python-repr.ts";
import type { CallAnswer } from "./answers.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Begins an observation of a call that the server counts as failed; policies were trained on the letters. */
export const ERROR_MARK = "[Tool execution error";
/** Begins an observation of a call that could not be made. */
export const FAILED_MARK = "[Tool execution failed";

const NOTHING = "The tool ran and returned nothing.";

/** The observation of a call that the server, or its tool, refused. */
export function errorText(reason: string): string {
  return `${ERROR_MARK}: ${reason}]`;
}

/** The observation of a call that could not be made. */
export function failedText(reason: string): string {
  return `${FAILED_MARK}: ${reason}]`;
}

/**
 * An answer as text: what an error says, else structured data as Python shows it, else the blocks of the content, a line each.
 *
 * @param isWrapped whether the tool's output schema says that structured data is wrapped into `{result}`
 */
export function answerText(answer: CallAnswer, isWrapped: boolean): string {
  const { content } = answer;
  if (answer.isError === true) {
    const texts = content.map(({ text }) => text).filter((text) => typeof text === "string");
    return errorText(texts.join(" "));
  }
  return dataText(answer, isWrapped) ?? (content.length === 0 ? NOTHING : contentText(content));
}

function contentText(content: readonly Entry[]): string {
  return content.map(blockText).join("\n");
}

function blockText(block: Entry): string {
  const { text, data, resource } = block;
  if (typeof text === "string") return text;
  // Upstream quirk Q61: what is counted are the letters of the base64 text.
  if (typeof data === "string") return `Binary data: ${data.length} bytes`;
  // Differs from upstream D84: a resource is shown by its content; upstream prints the Python object that holds it.
  if (isEntry(resource)) {
    const { text: inner, blob } = resource;
    if (typeof inner === "string") return inner;
    if (typeof blob === "string") return `Binary data: ${blob.length} bytes`;
  }
  return shown(block);
}

/** Structured data as Python shows it; undefined where there is none. */
function dataText(answer: CallAnswer, isWrapped: boolean): string | undefined {
  const structured = answer.structuredContent;
  if (structured === undefined || structured === null) return undefined;
  const { fastmcp } = answer._meta ?? {};
  const isMarked = isEntry(fastmcp) && fastmcp["wrap_result"] === true;
  const data: unknown = isWrapped || isMarked ? structured["result"] : structured;
  if (data === null || data === undefined) return undefined;
  if (typeof data === "string") return data;
  return shown(data, exactText(answer.content, data));
}

/** The JSON text of data where the content repeats it, as servers are asked to: it has what JavaScript's numbers lose. */
function exactText(content: readonly Entry[], data: unknown): string | undefined {
  const [block] = content;
  const { text } = block ?? {};
  if (content.length !== 1 || typeof text !== "string") return undefined;
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(data) ? text : undefined;
  } catch {
    return undefined;
  }
}

function shown(value: unknown, exact?: string): string {
  const json = JSON.stringify(value);
  return pythonReprOfJson(exact ?? json) ?? json;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
