import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  hostMain,
  hostPython,
  hostsFolder,
  installationOf,
  LIBRARIES,
  STAMP_FILE,
  type Library,
  type Stamp,
} from "../../../src/hosts/libraries.ts";

const HOSTS = hostsFolder();

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-test-"));
  vi.stubEnv("GEM_HOSTS", folder);
  vi.stubEnv("GEM_HOST_PYTHON", "");
  for (const name of Object.keys(LIBRARIES)) {
    vi.stubEnv(`GEM_HOST_PYTHON_${name.toUpperCase()}`, "");
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A folder that looks like an installation of reasoning_gym. */
function installation(change: Partial<Stamp> = {}, python = process.execPath): string {
  const home = join(folder, "reasoning");
  mkdirSync(join(home, "bin"), { recursive: true });
  symlinkSync(python, join(home, "bin", "python"));
  const { requirements } = LIBRARIES.reasoning;
  const stamp: Stamp = { requirements, version: "0.1.23", python: "3.12.1", bytes: 5, ...change };
  writeFileSync(join(home, STAMP_FILE), JSON.stringify(stamp));
  return home;
}

describe("where installations are", () => {
  it("is what GEM_HOSTS names, else a folder in the user's cache", () => {
    expect(hostsFolder()).toBe(folder);
    vi.stubEnv("GEM_HOSTS", relative(process.cwd(), folder));
    expect(hostsFolder()).toBe(folder);
    vi.stubEnv("GEM_HOSTS", "");
    vi.stubEnv("XDG_CACHE_HOME", "/cache");
    expect(hostsFolder()).toBe("/cache/gem/hosts");
    vi.stubEnv("XDG_CACHE_HOME", "");
    expect(hostsFolder()).toBe(join(homedir(), ".cache", "gem", "hosts"));
  });
});

describe("the Python of a library", () => {
  it("is that of its installation", () => {
    const home = installation();
    expect(hostPython("reasoning")).toBe(join(home, "bin", "python"));
  });

  it("is what a variable names, the library's own first", () => {
    vi.stubEnv("GEM_HOST_PYTHON", "python3");
    expect(hostPython("math")).toBe("python3");
    vi.stubEnv("GEM_HOST_PYTHON_MATH", process.execPath);
    expect([hostPython("math"), hostPython("reasoning")]).toEqual([process.execPath, "python3"]);
  });

  it("is asked for by the command that installs the library", () => {
    expect(() => hostPython("reasoning")).toThrow(
      expect.objectContaining({
        code: "GEM_UNAVAILABLE",
        message:
          "reasoning_gym is not installed. Run `gem hosts install reasoning`, " +
          "or name a Python that has it in GEM_HOST_PYTHON_REASONING.",
      }) as Error,
    );
  });

  it("is not that of another version", () => {
    installation({ requirements: ["reasoning-gym==0.1.20"] });
    expect(() => hostPython("reasoning")).toThrow(
      /was made from reasoning-gym==0\.1\.20; reasoning-gym==0\.1\.23, .* is needed\. Run `gem hosts install reasoning`/,
    );
  });

  it("is not one that is gone", () => {
    installation({}, "/not/there/python");
    expect(() => hostPython("reasoning")).toThrow("the Python that it was made from is gone. Run");
  });

  it("is not there when its installation was not completed", () => {
    writeFileSync(join(installation(), STAMP_FILE), '{"requirements":[');
    expect(() => hostPython("reasoning")).toThrow("reasoning_gym is not installed");
  });

  it("is not a file that a variable names and that is not there", () => {
    vi.stubEnv("GEM_HOST_PYTHON_TEXTARENA", "/not/there/python");
    expect(() => hostPython("textarena")).toThrow(
      "GEM_HOST_PYTHON_TEXTARENA names no file where the server runs. It must be the path of a Python that has TextArena.",
    );
  });
});

describe("what is installed", () => {
  it.each(Object.values(LIBRARIES))(
    "is $title in a version that imports, where set-up put it",
    (library: Library) => {
      const { state, folder: home, stamp } = installationOf(library, HOSTS);
      expect([state, stamp?.version]).toEqual(["installed", pinnedVersion(library)]);
      const python = join(home, "bin", "python");
      const { status, stderr } = spawnSync(
        python,
        ["-I", "-c", `import msgspec, numpy, ${library.imports}`],
        { encoding: "utf8" },
      );
      expect([status, stderr]).toEqual([0, ""]);
    },
  );

  it("has the host's program in the repository", () => {
    expect(existsSync(hostMain())).toBe(true);
    expect(hostMain()).toBe(join(process.cwd(), "python", "gem", "_host", "main.py"));
  });
});

function pinnedVersion({ requirements: [first = ""] }: Library): string | undefined {
  return first.split("==")[1];
}
