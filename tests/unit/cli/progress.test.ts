import { describe, expect, it, vi } from "vitest";
import { Progress } from "../../../src/cli/progress.ts";

/** A stream that keeps what was written to it. */
function stream(isTTY: boolean): {
  isTTY: boolean;
  columns: number;
  written: string[];
  write: (text: string) => void;
} {
  const written: string[] = [];
  return { isTTY, columns: 30, written, write: (text) => void written.push(text) };
}

describe("progress", () => {
  it("is a line for each new thing where there is no terminal", () => {
    const log = stream(false);
    const progress = new Progress(log);
    progress.say("a: making");
    progress.say("a: making", "some detail");
    progress.say("a: testing");
    progress.end("a: made");
    expect(log.written).toEqual(["a: making ...\n", "a: testing ...\n", "a: made\n"]);
  });

  it("is one line on a terminal, cut to its width, that gives way to the last", () => {
    vi.stubEnv("TERM", "xterm");
    vi.useFakeTimers();
    const terminal = stream(true);
    const progress = new Progress(terminal);
    progress.say("a: making", "with a detail that is too long");
    vi.advanceTimersByTime(1100);
    progress.end("a: made");
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    vi.unstubAllEnvs();
    const lines = terminal.written.map((text) => text.replace("\r\u001B[2K", ""));
    expect(lines[0]).toBe("⠋ 0 s a: making: with a detai");
    expect(lines[1]).toBe("⠙ 0 s a: making: with a detai");
    expect(lines.at(-2)).toBe("⠙ 1 s a: making: with a detai");
    expect(lines.at(-1)).toBe("a: made\n");
    expect(lines).toHaveLength(13);
    expect(terminal.written.every((text) => text.startsWith("\r\u001B[2K"))).toBe(true);
  });
});
