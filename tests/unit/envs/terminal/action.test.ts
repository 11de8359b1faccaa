import { describe, expect, it } from "vitest";
import { readAction } from "../../../../src/envs/terminal/action.ts";

describe("readAction", () => {
  it("reads a command, and the text up to its closing tag", () => {
    expect(readAction("I look.\n<bash>\ncmd: ls -la\n</bash> and then <finish></finish>")).toEqual({
      kind: "bash",
      command: "ls -la",
      seconds: 30,
      text: "I look.\n<bash>\ncmd: ls -la\n</bash>",
    });
    expect(
      readAction("<bash>\ncmd: |\n  a\n  b\ntimeout_secs: 2.5\nmore: 1\n</bash>"),
    ).toMatchObject({ command: "a\nb\n", seconds: 2.5 });
  });

  it("reads the first pair of equal tags", () => {
    expect(readAction("<bash> <finish></finish>")).toMatchObject({ kind: "finish" });
    expect(readAction("<think>x</think><bash>cmd: ls</bash>")).toEqual({ kind: "none" });
    expect(readAction("</bash><bash>cmd: ls")).toEqual({ kind: "none" });
    expect(readAction("ls")).toEqual({ kind: "none" });
  });

  it.each([
    ["ls -la", "map"],
    ["- cmd: ls", "map"],
    ["", "map"],
    ["cmd: [", "YAML"],
    ["cmd: 7", "cmd"],
    ["other: 7", "cmd"],
    ["cmd: ls\ntimeout_secs: 0", "timeout_secs"],
    ["cmd: ls\ntimeout_secs: soon", "timeout_secs"],
    [`cmd: ${"x".repeat(70_000)}`, "characters"],
  ])("says what is wrong with %j", (content, word) => {
    const action = readAction(`<bash>${content}</bash>`);
    expect(action).toMatchObject({ kind: "bad", text: `<bash>${content}</bash>` });
    expect(action.kind === "bad" && action.problem).toContain(word);
  });

  it("reads replies of many tags, or of many brackets, at once", () => {
    expect(readAction("<a>".repeat(70_000))).toEqual({ kind: "none" });
    expect(readAction("</a>".repeat(50_000) + "<a>".repeat(50_000))).toEqual({ kind: "none" });
    expect(readAction(`<bash>${"[".repeat(60_000)}</bash>`).kind).toBe("bad");
    expect(readAction(`<bash>${"{a: ".repeat(15_000)}</bash>`).kind).toBe("bad");
  });
});
