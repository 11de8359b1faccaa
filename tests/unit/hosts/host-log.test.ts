import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { HostLog } from "../../../src/hosts/host-log.ts";
import { surroundHosts } from "../../../src/hosts/host-settings.ts";
import { testPool } from "../../fixtures/hosts.ts";

type Entry = readonly [line: string, facts: Readonly<Record<string, unknown>>];

function capture(): Entry[] {
  const entries: Entry[] = [];
  surroundHosts({ threads: 1, log: (line, facts) => void entries.push([line, facts]) });
  return entries;
}

async function print(...chunks: string[]): Promise<HostLog> {
  const log = new HostLog({ host: "h" });
  const stream = new PassThrough();
  log.read(stream, "stdout");
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once("close", resolve));
  return log;
}

afterEach(() => surroundHosts({ threads: 1, log: () => undefined }));

describe("HostLog", () => {
  it("gives lines on, whatever the pieces they arrive in", async () => {
    const entries = capture();
    const log = await print("one\ntw", "o\n\n", "thr", "ee");
    expect(entries.map(([line]) => line)).toEqual(["one", "two", "three"]);
    expect(entries[0]?.[1]).toEqual({ host: "h", stream: "stdout" });
    expect(log.lastLine).toBe("three");
  });

  it("cuts lines and keeps 64 KB a minute, and says how much more there was", async () => {
    const entries = capture();
    const line = `${"x".repeat(1023)}\n`;
    const log = await print("y".repeat(10_000), "\n", ...Array.from({ length: 1024 }, () => line));
    const kept = entries.slice(0, -1);
    expect(kept[0]?.[0]).toBe("y".repeat(4096));
    const bytes = kept.reduce((sum, [text]) => sum + text.length, 0);
    expect(bytes).toBeGreaterThan(60_000);
    expect(bytes).toBeLessThanOrEqual(65_536);
    const dropped = 10_000 + 1023 * 1024 - bytes;
    expect(entries.at(-1)?.[0]).toBe(
      `${dropped} bytes more were printed; 65536 a minute are kept.`,
    );
    expect(log.lastLine).toBe("x".repeat(1023));
  });

  it("lets a library print a gigabyte without a word of it in the protocol", async () => {
    const entries = capture();
    const pool = testPool({ size: 1 });
    await pool.run("say", ["hello"]);
    expect(await pool.run("print_much", [1024])).toBe(1024);
    expect(await pool.run("echo", ["fine"])).toBe("fine");
    await pool.close();
    expect(entries[0]).toEqual(["hello", expect.objectContaining({ host: "host_library" })]);
    const bytes = entries.reduce((sum, [text]) => sum + text.length, 0);
    expect(bytes).toBeLessThan(66_000);
  });
});
