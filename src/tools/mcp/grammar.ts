import { WHITE_SPACE } from "../../text/white-space.ts";
import { strip } from "../../text/strip.ts";

/** A call that stands in an action. */
export interface McpCall {
  /** The tool's name; may be no tool's. */
  readonly name: string;
  /** What the JSON between the tags of the arguments means; an empty map where nothing stands there. */
  readonly args: unknown;
  /** The text of the call, from tag to tag. */
  readonly text: string;
}

const OPEN = "<tool_call>";
const NAME = "<tool_name>";
const NAME_END = "</tool_name>";
const ARGUMENTS = "<arguments>";
const ARGUMENTS_END = "</arguments>";
const CLOSE = "</tool_call>";
const SPACES = new RegExp(`${WHITE_SPACE}*`, "y");

/**
 * Finds the first call in an action:
 * `<tool_call><tool_name>name</tool_name><arguments>{...}</arguments></tool_call>`, with white space between the tags.
 *
 * @returns undefined without one, or when its arguments are no JSON
 */
export function findCall(action: string): McpCall | undefined {
  for (let start = action.indexOf(OPEN); start >= 0; start = action.indexOf(OPEN, start + 1)) {
    const head = readHead(action, start);
    if (head === undefined) continue;
    const tail = readTail(action, head.end);
    // Where no end follows this call, none follows a later one.
    if (tail === undefined) return undefined;
    const json = strip(action.slice(head.end, tail.start));
    const text = action.slice(start, tail.end);
    try {
      return { name: strip(head.name), args: json === "" ? {} : JSON.parse(json), text };
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function readHead(action: string, start: number): { name: string; end: number } | undefined {
  const name = after(action, skip(action, start + OPEN.length), NAME);
  const stop = name < 0 ? -1 : action.indexOf("<", name);
  if (stop <= name) return undefined;
  const args = after(action, skip(action, after(action, stop, NAME_END)), ARGUMENTS);
  return args < 0 ? undefined : { name: action.slice(name, stop), end: args };
}

/** The first end of arguments that is followed by the end of the call. */
function readTail(action: string, from: number): { start: number; end: number } | undefined {
  let start = action.indexOf(ARGUMENTS_END, from);
  while (start >= 0) {
    const end = after(action, skip(action, start + ARGUMENTS_END.length), CLOSE);
    if (end >= 0) return { start, end };
    start = action.indexOf(ARGUMENTS_END, start + ARGUMENTS_END.length);
  }
  return undefined;
}

/** The position behind `text` when it stands at `position`, else -1. */
function after(action: string, position: number, text: string): number {
  return position >= 0 && action.startsWith(text, position) ? position + text.length : -1;
}

function skip(action: string, position: number): number {
  if (position < 0) return -1;
  SPACES.lastIndex = position;
  return position + (SPACES.exec(action)?.[0].length ?? 0);
}
