import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hostsFolder, LIBRARIES, STAMP_FILE, type Stamp } from "../../../src/hosts/libraries.ts";
import { buildSources } from "./build-sources.ts";
import { GemProcess, type Outcome } from "./gem-process.ts";

let build: string;
let folder: string;
let index: Server | undefined;

beforeAll(() => {
  build = buildSources();
});

afterAll(() => {
  rmSync(build, { recursive: true, force: true });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-test-"));
});

afterEach(() => {
  index?.closeAllConnections();
  index?.close();
  index = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): GemProcess {
  const none = { GEM_HOST_PYTHON: "", GEM_HOST_PYTHON_MATH: "" };
  const main = join(build, "cli", "main.js");
  return new GemProcess(main, ["hosts", ...args], { GEM_HOSTS: folder, ...none, ...env });
}

async function hosts(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return start(args, env).outcome();
}

/** Puts a stamp and a Python where an installation of Gymnasium would have them. */
function pretend(): void {
  const home = join(folder, "gymnasium");
  mkdirSync(join(home, "bin"), { recursive: true });
  symlinkSync(process.execPath, join(home, "bin", "python"));
  const { requirements } = LIBRARIES.gymnasium;
  const stamp: Stamp = { requirements, version: "1.4.0", python: "3.12.1", bytes: 98_700_000 };
  writeFileSync(join(home, STAMP_FILE), JSON.stringify(stamp));
}

/** A package index of our own, and how the installers are told to use it. */
async function packageIndex(
  answer: RequestListener,
): Promise<{ readonly server: Server; readonly env: Record<string, string> }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  index = server;
  await once(server, "listening");
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/simple`;
  const pip = { PIP_INDEX_URL: url, PIP_RETRIES: "0", PIP_FIND_LINKS: "", PIP_NO_INDEX: "" };
  const uv = { UV_DEFAULT_INDEX: url, UV_NO_CACHE: "1" };
  return { server, env: { ...pip, PIP_CONFIG_FILE: "/dev/null", ...uv } };
}

describe("gem hosts list", () => {
  it("is a table of every library", async () => {
    pretend();
    const { code, stdout } = await hosts(["list"], { GEM_HOST_PYTHON_MATH: process.execPath });
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["library", "state", "version", "Python", "size", "path"],
      ["reasoning", "not installed", "-", "-", "-", join(folder, "reasoning")],
      ["textarena", "not installed", "-", "-", "-", join(folder, "textarena")],
      ["gymnasium", "installed", "1.4.0", "3.12.1", "99 MB", join(folder, "gymnasium")],
      ["math", "given", "-", "-", "-", process.execPath],
      [""],
    ]);
  });

  it("is an array for programs", async () => {
    const { stdout } = await hosts(["list", "--json"]);
    expect(JSON.parse(stdout)).toContainEqual({
      name: "math",
      state: "not installed",
      version: null,
      python: null,
      bytes: null,
      path: join(folder, "math"),
    });
  });
});

describe("gem hosts install", { timeout: 60_000 }, () => {
  it("says what is installed already", async () => {
    const { code, stderr } = await hosts(["install"], { GEM_HOSTS: hostsFolder() });
    expect(code).toBe(0);
    expect(stderr.replaceAll(/ \d+(?:\.\d+)+/g, " *")).toBe(
      Object.values(LIBRARIES)
        .map(({ name, title }) => `${name}: ${title} * on Python * is installed already`)
        .map((line) => `${line} (--force installs it again)\n`)
        .join(""),
    );
  });

  it("says what fails and what to do, and goes on with the next", async () => {
    const { env } = await packageIndex((_, response) => void response.writeHead(404).end());
    const { code, stderr } = await hosts(["install", "gymnasium", "math"], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gymnasium: making an environment of Python 3\.\d+\.\d+ \.\.\.$/m);
    for (const name of ["gymnasium", "math"]) {
      expect(stderr).toContain(`\n${name}: installing packages ...\n${name}: Installing `);
    }
    expect(stderr).toContain("\nCheck that pip reaches its package index");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves nothing behind when it is stopped", async () => {
    const { server, env } = await packageIndex(() => undefined);
    const install = start(["install", "gymnasium", "math"], env);
    await once(server, "request");
    install.child.kill("SIGINT");
    const { code, stderr } = await install.outcome();
    expect(code).toBe(130);
    expect(stderr).toMatch(/\ngymnasium: stopped; nothing was changed\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a name that is no library's", async () => {
    const { code, stderr } = await hosts(["install", "gymnasim"]);
    expect([code, stderr]).toEqual([
      2,
      'gem: There is no library "gymnasim"; there are reasoning, textarena, gymnasium, math. Did you mean "gymnasium"?\n',
    ]);
  });
});

describe("gem hosts remove", () => {
  it("removes what is installed", async () => {
    pretend();
    const { code, stdout } = await hosts(["remove", "gymnasium", "math"]);
    expect([code, stdout]).toEqual([0, "gymnasium: removed\nmath: was not installed\n"]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
