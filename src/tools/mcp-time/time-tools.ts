import { z } from "zod";
import { isoWeek, momentToStrftime, strftime, weekOfYear } from "./strftime.ts";
import { daysInMonth, instantOf, parseDate, parseTime, wallTime, zoneOf } from "./wall-time.ts";
import type { WallTime } from "./wall-time.ts";

/** A tool of the time server. */
export interface TimeTool {
  readonly title: string;
  readonly description: string;
  /** The arguments; others are refused. */
  readonly args: z.ZodType;
  /** @throws RangeError for a text that is no time; ZodError for other arguments */
  readonly run: (args: unknown, now: number) => string;
}

const FORMAT = "YYYY-MM-DD HH:mm:ss";
const time = z.string().describe(FORMAT);
const date = z.string().nullable().default(null).describe("YYYY-MM-DD; left out: today");
const SECOND_MS = 1000;

function tool<Schema extends z.ZodType>(
  title: string,
  description: string,
  args: Schema,
  run: (args: z.output<Schema>, now: number) => string,
): TimeTool {
  return { title, description, args, run: (given, now) => run(args.parse(given), now) };
}

/** The server's tools by name, in the order in which they are listed. */
export const TIME_TOOLS: Readonly<Record<string, TimeTool>> = {
  current_time: tool(
    "Current time",
    "Gives the date and time, in a time zone or the local one. The format knows YYYY, YY, MM, DD, HH, h, mm, ss and A.",
    z.strictObject({
      format: z.string().default(FORMAT),
      timezone: z.string().nullable().default(null).describe("an IANA name, such as Asia/Tokyo"),
    }),
    ({ format, timezone }, now) =>
      strftime(momentToStrftime(format), wallTime(now, zoneOf(timezone))),
  ),
  relative_time: tool(
    "Relative time",
    "Says how far a local time is from now.",
    z.strictObject({ time }),
    (given, now) =>
      relative(Math.trunc((instantOf(parseTime(given.time), zoneOf(null)) - now) / SECOND_MS)),
  ),
  days_in_month: tool(
    "Days in a month",
    "Gives the number of days of a date's month.",
    z.strictObject({ date }),
    (given, now) => String(daysInMonth(day(given.date, now))),
  ),
  get_timestamp: tool(
    "Timestamp",
    "Gives the milliseconds from 1970 (UTC) to a local time.",
    z.strictObject({ time }),
    (given) => String(instantOf(parseTime(given.time), zoneOf(null))),
  ),
  convert_time: tool(
    "Convert time",
    "Gives a time of one time zone as the clocks of another show it.",
    z.strictObject({ sourceTimezone: z.string(), targetTimezone: z.string(), time }),
    ({ sourceTimezone, targetTimezone, time: text }) => {
      const instant = instantOf(parseTime(text), zoneOf(sourceTimezone));
      return strftime(momentToStrftime(FORMAT), wallTime(instant, zoneOf(targetTimezone)));
    },
  ),
  get_week_year: tool(
    "Week of the year",
    "Gives the number of a date's week: counted from the year's first Monday, and as ISO 8601 counts.",
    z.strictObject({ date }),
    (given, now) => {
      const on = day(given.date, now);
      return `week: ${weekOfYear(on)}, isoWeek: ${isoWeek(on)}`;
    },
  ),
};

function day(text: string | null, now: number): WallTime {
  const today = wallTime(now, zoneOf(null));
  return text === null || text === "" ? today : { ...today, ...parseDate(text) };
}

const UNITS: readonly (readonly [string, number])[] = [
  ["seconds", 60],
  ["minutes", 60],
  ["hours", 24],
  ["days", 30],
  ["months", 12],
];

/** A distance in the largest unit that it fills; always in the plural. */
function relative(seconds: number): string {
  let amount = Math.abs(seconds);
  for (const [unit, size] of UNITS) {
    if (amount < size) return said(amount, unit, seconds);
    amount = Math.floor(amount / size);
  }
  return said(amount, "years", seconds);
}

function said(amount: number, unit: string, seconds: number): string {
  return seconds > 0 ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
}
