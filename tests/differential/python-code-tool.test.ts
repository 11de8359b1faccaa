import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Sandbox } from "../../src/sandbox/sandbox.ts";
import { PythonCodeTool } from "../../src/tools/python-code/python-code-tool.ts";
import { findPython } from "./oracle.ts";
import { BLOCKED_PROGRAMS, PROGRAMS, REPLIES } from "./python-snippets.ts";

/** What `execute_action` gives. */
type Result = readonly [boolean, boolean, string, string];

interface Case {
  readonly reply: string;
  readonly lastLine: boolean;
}

const MARK = "Code execution result: ";
const LOOP = "<python>print('partial', flush=True)\nwhile True: pass</python>";

const wrap = (program: string): string => `<python>${program}</python>`;
const cases = (replies: readonly string[]): Case[] =>
  replies.map((reply) => ({ reply, lastLine: false }));

const PLAIN = cases([...PROGRAMS.map(wrap), ...REPLIES]);
const SHORT = PROGRAMS.filter((_, i) => i % 9 === 0).map((program) => ({
  reply: wrap(program),
  lastLine: true,
}));
const BLOCKED = cases(BLOCKED_PROGRAMS.map(wrap));
const ALL = [...PLAIN, ...SHORT, ...BLOCKED, ...cases([LOOP])];

const NO_CASE: Case = { reply: "", lastLine: false };
const python = findPython();
const sandboxes: Sandbox[] = [];
let upstream: ReadonlyMap<string, Result>;

function keyOf({ reply, lastLine }: Case): string {
  return `${String(lastLine)} ${reply}`;
}

/** What upstream's tool makes of every case. */
function askUpstream(): ReadonlyMap<string, Result> {
  const folder = mkdtempSync(join(tmpdir(), "gem-python-tool-"));
  try {
    const file = join(folder, "replies.json");
    writeFileSync(file, JSON.stringify(ALL.map(({ reply, lastLine }) => [reply, lastLine])));
    const script = fileURLToPath(new URL("python_tool.py", import.meta.url));
    const { stdout, stderr, status } = spawnSync(python, [script, file], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (status !== 0) throw new Error(`The oracle ended with ${String(status)}: ${stderr}`);
    const results = JSON.parse(stdout) as Result[];
    return new Map(results.map((result, i) => [keyOf(ALL[i] ?? NO_CASE), result]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text with what differs from run to run, or by rule D66 of `docs/parity.md`, made equal. */
function normal(text: string): string {
  return text
    .replace(/File "[^"\n]*\/[^"\n/]*\.py"/g, 'File "FILE"')
    .replace(/0x[0-9a-f]{6,}/g, "0xADDRESS");
}

async function compare(tool: (lastLine: boolean) => PythonCodeTool, list: readonly Case[]) {
  const differences: unknown[] = [];
  for (const item of list) {
    const theirs = upstream.get(keyOf(item));
    const ours = await tool(item.lastLine).executeAction(item.reply);
    const same =
      theirs !== undefined &&
      ours.length === 4 &&
      [0, 1, 3].every((i) => ours[i] === theirs[i]) &&
      normal(ours[2]) === normal(theirs[2]);
    if (!same) differences.push({ reply: item.reply.slice(0, 120), theirs, ours });
  }
  return differences;
}

function sandboxOf(level: "none" | "rlimit" | "bwrap"): Sandbox {
  const sandbox = new Sandbox({ level, python });
  sandboxes.push(sandbox);
  return sandbox;
}

/** The best level that works on this machine. */
async function bestLevel(): Promise<"rlimit" | "bwrap"> {
  const sandbox = new Sandbox({ python });
  sandboxes.push(sandbox);
  const { level } = await sandbox.selfTest();
  return level === "bwrap" ? "bwrap" : "rlimit";
}

function toolsOf(level: "none" | "rlimit" | "bwrap"): (lastLine: boolean) => PythonCodeTool {
  const sandbox = sandboxOf(level);
  return (lastLine) =>
    new PythonCodeTool(
      { sandbox_type: level, keep_error_last_line: lastLine, timeout: 60 },
      sandbox,
    );
}

describe("the Python tool", () => {
  beforeAll(() => {
    upstream = askUpstream();
  }, 300_000);

  afterAll(async () => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
  });

  it("has at least 200 programs to be judged by", () => {
    expect(new Set(PROGRAMS).size).toBeGreaterThanOrEqual(200);
  });

  it("gives upstream's results without a sandbox", async () => {
    expect(await compare(toolsOf("none"), [...PLAIN, ...SHORT])).toEqual([]);
  });

  it("gives them in the best sandbox of this machine, too", async () => {
    expect(await compare(toolsOf(await bestLevel()), PLAIN)).toEqual([]);
  });

  it("refuses without a sandbox what upstream refuses, in words of its own", async () => {
    const tool = toolsOf("none")(false);
    for (const item of BLOCKED) {
      const [parsed, hasError, , action] = upstream.get(keyOf(item)) ?? [];
      const ours = await tool.executeAction(item.reply);
      expect([ours[0], ours[1], ours[3]]).toEqual([parsed, hasError, action]);
      expect(ours[2]).toMatch(/^Code execution result: The code was not run/);
    }
  });

  it("stops what does not end, and shows none of its output", async () => {
    const [parsed, hasError, text, action] = upstream.get(`false ${LOOP}`) ?? [];
    const tool = new PythonCodeTool({ timeout: 0.5 }, sandboxOf("none"));
    const ours = await tool.executeAction(LOOP);
    expect([ours[0], ours[1], ours[3]]).toEqual([parsed, hasError, action]);
    for (const shown of [text, ours[2]]) expect(shown).not.toContain("partial");
    expect(ours[2].slice(0, MARK.length)).toBe(text?.slice(0, MARK.length));
  });
});
