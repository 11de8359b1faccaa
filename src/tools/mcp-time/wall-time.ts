/** What a clock on the wall of a time zone shows. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** The zone's abbreviation, for example `CET`. */
  readonly zoneName: string;
  /** East of Greenwich. */
  readonly offsetMinutes: number;
}

/** A date and a time of day, without a zone. */
type PlainTime = Omit<WallTime, "zoneName" | "offsetMinutes">;

const TIME = /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,6})?$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const MINUTE_MS = 60_000;

/** The zone of a name; the local one for a name that is empty or unknown. */
export function zoneOf(name: string | null | undefined): string {
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (name === null || name === undefined || name === "") return local;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return local;
  }
}

/** What the zone's clock shows at an instant. @param instant ms since 1970 */
export function wallTime(instant: number, zone: string): WallTime {
  const parts = new Map(
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      timeZoneName: "short",
    })
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
  const millisecond = ((instant % 1000) + 1000) % 1000;
  const plain = {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    millisecond,
  };
  const offsetMinutes = Math.round((asUtc(plain) - instant) / MINUTE_MS);
  return { ...plain, zoneName: parts.get("timeZoneName") ?? zone, offsetMinutes };
}

/**
 * The instant at which the zone's clock shows a time: the first one where it shows it twice; where it never does, what it would
 * be without the change. Each date has the offset that holds on it.
 *
 * Differs from upstream D85: there the local zone has today's offset all year.
 */
export function instantOf(time: PlainTime, zone: string): number {
  const utc = asUtc(time);
  const offsets = [utc - 86_400_000, utc + 86_400_000].map(
    (near) => wallTime(near, zone).offsetMinutes,
  );
  for (const offset of offsets) {
    const instant = utc - offset * MINUTE_MS;
    if (wallTime(instant, zone).offsetMinutes === offset) return instant;
  }
  return utc - (offsets[0] ?? 0) * MINUTE_MS;
}

/** Reads `YYYY-MM-DD HH:mm:ss`, with a fraction or without. @throws RangeError */
export function parseTime(text: string): PlainTime {
  const match = TIME.exec(text);
  if (match === null) throw new RangeError(`a time is YYYY-MM-DD HH:mm:ss, got '${text}'`);
  const [, year, month, day, hour, minute, second, fraction = "0"] = match;
  const plain = {
    ...dateOf(text, year, month, day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Math.floor(Number(fraction) * 1000),
  };
  if (plain.hour < 24 && plain.minute < 60 && plain.second < 60) return plain;
  throw new RangeError(`there is no such time of day: '${text}'`);
}

/** Reads `YYYY-MM-DD`, as the beginning of that day. @throws RangeError */
export function parseDate(text: string): PlainTime {
  const match = DATE.exec(text);
  if (match === null) throw new RangeError(`a date is YYYY-MM-DD, got '${text}'`);
  const [, year, month, day] = match;
  return { ...dateOf(text, year, month, day), hour: 0, minute: 0, second: 0, millisecond: 0 };
}

/** Days of a month. */
export function daysInMonth({ year, month }: Pick<PlainTime, "year" | "month">): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function dateOf(
  text: string,
  ...parts: readonly (string | undefined)[]
): { year: number; month: number; day: number } {
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth({ year, month });
  if (isDate) return { year, month, day };
  throw new RangeError(`there is no such date: '${text}'`);
}

function asUtc({ year, month, day, hour, minute, second, millisecond }: PlainTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}
