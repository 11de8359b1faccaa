import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTimeTool } from "../../../../src/tools/mcp-time/time-server.ts";
import { momentToStrftime, strftime } from "../../../../src/tools/mcp-time/strftime.ts";
import { instantOf, parseTime, wallTime } from "../../../../src/tools/mcp-time/wall-time.ts";

/** 2026-11-24 11:54:50.25 UTC, a Tuesday. */
const NOW = Date.UTC(2026, 10, 24, 11, 54, 50, 250);
const before = process.env.TZ;

function said(name: string, args: unknown = {}, now = NOW): unknown {
  const [block] = callTimeTool(name, args, now).content;
  return block?.type === "text" ? block.text : block;
}

beforeAll(() => {
  process.env.TZ = "America/New_York";
});

afterAll(() => {
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

describe("momentToStrftime", () => {
  it.each([
    ["YYYY-MM-DD HH:mm:ss", "%Y-%m-%d %H:%M:%S"],
    ["h:mm A", "%-I:%M %p"],
    ["YY/MM/DD", "%y/%m/%d"],
    ["hh", "%-I%-I"],
    ["MMM", "%mM"],
    ["dddd X", "dddd X"],
  ])("reads %s as upstream does: %s", (format, text) => {
    expect(momentToStrftime(format)).toBe(text);
  });
});

describe("strftime", () => {
  it("writes what Python writes", () => {
    const tokyo = wallTime(NOW, "Asia/Tokyo");
    expect(strftime("%B %-I %I %p %% %j %U %W %e %z %a %V %f", tokyo)).toBe(
      "November 8 08 PM % 328 47 47 24 +0900 Tue 48 250000",
    );
    expect(strftime("%Q% %", tokyo)).toBe("%Q% %");
  });
});

describe("the tools of the time server", () => {
  it.each([
    ["current_time", { timezone: "UTC" }, "2026-11-24 11:54:50"],
    ["current_time", { format: "", timezone: "UTC" }, ""],
    ["current_time", {}, "2026-11-24 06:54:50"],
    ["current_time", { timezone: "Nope/X" }, "2026-11-24 06:54:50"],
    ["days_in_month", { date: "2024-02-10" }, "29"],
    ["days_in_month", { date: "2023-02-01" }, "28"],
    ["days_in_month", { date: "" }, "30"],
    ["days_in_month", {}, "30"],
    ["get_timestamp", { time: "2025-01-01 12:00:00" }, "1735750800000"],
    ["get_timestamp", { time: "2025-01-01 12:00:00.5" }, "1735750800500"],
    ["get_week_year", { date: "2025-01-01" }, "week: 0, isoWeek: 1"],
    ["get_week_year", { date: "2024-12-30" }, "week: 53, isoWeek: 1"],
    ["get_week_year", { date: "2021-01-03" }, "week: 0, isoWeek: 53"],
    ["get_week_year", { date: "2026-12-31" }, "week: 52, isoWeek: 53"],
    ["get_week_year", {}, "week: 47, isoWeek: 48"],
  ])("%s with %j gives %s", (name, args, text) => {
    expect(said(name, args)).toBe(text);
  });

  it.each([
    ["Asia/Tokyo", "Europe/Berlin", "2025-07-01 12:00:00", "2025-07-01 05:00:00"],
    ["Nope", "Europe/Berlin", "2025-01-01 12:00:00.25", "2025-01-01 18:00:00"],
    ["America/New_York", "UTC", "2025-03-09 02:30:00", "2025-03-09 07:30:00"],
    ["America/New_York", "UTC", "2025-11-02 01:30:00", "2025-11-02 05:30:00"],
  ])("convert_time from %s to %s: %s is %s", (source, target, time, text) => {
    const args = { sourceTimezone: source, targetTimezone: target, time };
    expect(said("convert_time", args)).toBe(text);
  });

  it("gives each date the offset that holds on it", () => {
    // Noon in New York is 16:00 UTC in July, though 17:00 UTC now.
    expect(said("get_timestamp", { time: "2025-07-01 12:00:00" })).toBe("1751385600000");
    expect(wallTime(instantOf(parseTime("2025-07-01 12:00:00"), "UTC"), "UTC").hour).toBe(12);
  });

  it.each([
    [30, "in 30 seconds"],
    [0, "0 seconds ago"],
    [-59, "59 seconds ago"],
    [60, "in 1 minutes"],
    [3600, "in 1 hours"],
    [-86_399, "23 hours ago"],
    [86_400 * 29, "in 29 days"],
    [-86_400 * 45, "1 months ago"],
    [86_400 * 360, "in 1 years"],
    [-86_400 * 800, "2 years ago"],
  ])("relative_time of %d seconds from now is %s", (seconds, text) => {
    const now = Date.UTC(2026, 0, 10);
    const { year, month, day, hour, minute, second } = wallTime(
      now + seconds * 1000,
      "America/New_York",
    );
    const time = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
    expect(said("relative_time", { time }, now)).toBe(text);
  });

  it.each([
    ["relative_time", { time: "bad" }],
    ["relative_time", {}],
    ["get_timestamp", { time: "2025-02-30 00:00:00" }],
    ["get_timestamp", { time: "2025-02-03 24:00:00" }],
    ["days_in_month", { date: "2025-13-01" }],
    ["current_time", { zone: "x" }],
    ["current_time", { format: null }],
    ["toString", {}],
  ])("%s with %j is a failed call", (name, args) => {
    expect(callTimeTool(name, args, NOW).isError).toBe(true);
  });
});
