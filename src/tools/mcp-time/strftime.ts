import type { WallTime } from "./wall-time.ts";

/** Tokens of a time format and what stands for them in `strftime`, in the order in which they are replaced. */
const TOKENS: readonly (readonly [string, string])[] = [
  ["h", "%-I"],
  ["YYYY", "%Y"],
  ["YY", "%y"],
  ["HH", "%H"],
  ["mm", "%M"],
  ["ss", "%S"],
  ["MM", "%m"],
  ["DD", "%d"],
  ["A", "%p"],
];

/**
 * A format like `YYYY-MM-DD HH:mm:ss` as one of `strftime`. Each token is replaced wherever it stands, in the results of earlier ones
 * as well.
 */
export function momentToStrftime(format: string): string {
  return TOKENS.reduce((text, [token, directive]) => text.replaceAll(token, directive), format);
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

const two = (value: number): string => String(value).padStart(2, "0");
const hour12 = ({ hour }: WallTime): string => two(hour % 12 === 0 ? 12 : hour % 12);

const DIRECTIVES: Readonly<Record<string, (time: WallTime) => string>> = {
  "%": () => "%",
  Y: ({ year }) => String(year),
  y: ({ year }) => two(year % 100),
  C: ({ year }) => two(Math.floor(year / 100)),
  m: ({ month }) => two(month),
  d: ({ day }) => two(day),
  e: ({ day }) => String(day).padStart(2, " "),
  H: ({ hour }) => two(hour),
  I: hour12,
  M: ({ minute }) => two(minute),
  S: ({ second }) => two(second),
  f: ({ millisecond }) => `${String(millisecond).padStart(3, "0")}000`,
  p: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  A: (time) => DAYS[weekday(time)] ?? "",
  a: (time) => (DAYS[weekday(time)] ?? "").slice(0, 3),
  B: ({ month }) => MONTHS[month - 1] ?? "",
  b: ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 3),
  j: (time) => String(dayOfYear(time)).padStart(3, "0"),
  u: (time) => String(weekday(time) === 0 ? 7 : weekday(time)),
  w: (time) => String(weekday(time)),
  U: (time) => two(Math.floor((dayOfYear(time) + 6 - weekday(time)) / 7)),
  W: (time) => two(weekOfYear(time)),
  V: (time) => two(isoWeek(time)),
  F: ({ year, month, day }) => `${year}-${two(month)}-${two(day)}`,
  T: ({ hour, minute, second }) => `${two(hour)}:${two(minute)}:${two(second)}`,
  R: ({ hour, minute }) => `${two(hour)}:${two(minute)}`,
  Z: ({ zoneName }) => zoneName,
  z: ({ offsetMinutes }) => {
    const size = Math.abs(offsetMinutes);
    return `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`;
  },
};

/** A time in a format of `strftime`, with English names. A directive that is not known stays as it is. */
export function strftime(format: string, time: WallTime): string {
  return format.replace(/%(-?)([%A-Z])/gi, (text, flag: string, letter: string) => {
    const shown = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter]?.(time) : undefined;
    if (shown === undefined) return text;
    return flag === "" ? shown : shown.replace(/^[0 ]+(?=.)/, "");
  });
}

/** The week of the year, 0 to 53; the first Monday begins week 1. */
export function weekOfYear(time: WallTime): number {
  return Math.floor((dayOfYear(time) + 6 - ((weekday(time) + 6) % 7)) / 7);
}

/** The week of ISO 8601, 1 to 53. */
export function isoWeek(time: WallTime): number {
  const day = (weekday(time) + 6) % 7;
  // The week belongs to the year that its Thursday is in.
  const thursday = new Date(Date.UTC(time.year, time.month - 1, time.day - day + 3));
  const start = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday.getTime() - start) / (7 * 86_400_000));
}

function weekday({ year, month, day }: WallTime): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

function dayOfYear({ year, month, day }: WallTime): number {
  return 1 + Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000);
}
