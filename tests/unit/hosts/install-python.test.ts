import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { choosePython } from "../../../src/hosts/install-python.ts";
import { LIBRARIES } from "../../../src/hosts/libraries.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-test-"));
  vi.stubEnv("PATH", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a program on PATH that answers as a Python of this version does. */
function python(name: string, version: string, { hasVenv = true } = {}): string {
  const path = join(folder, name);
  return program(name, `echo warned >&2; echo '${JSON.stringify({ path, version, hasVenv })}'`);
}

function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("the Python that an environment is made from", () => {
  it("is the one that the library prefers", async () => {
    python("python3", "3.11.2");
    python("python3.12", "3.12.1");
    python("python3.13", "3.13.0");
    const { reasoning, textarena } = LIBRARIES;
    expect(await choosePython(reasoning, { needsVenv: true })).toMatchObject({ version: "3.13.0" });
    expect(await choosePython(textarena, { needsVenv: true })).toMatchObject({ version: "3.12.1" });
  });

  it("is not one that the library does not run on, nor one that cannot make environments", async () => {
    python("python3", "3.14.0");
    python("python3.12", "3.12.1", { hasVenv: false });
    const expected = python("python3.10", "3.10.4");
    program("python3.11", "echo 'a shim that runs nothing'; exit 127");
    const chosen = await choosePython(LIBRARIES.gymnasium, { needsVenv: true });
    expect(chosen.path).toBe(expected);
  });

  it("need not make environments where uv does", async () => {
    python("python3.12", "3.12.1", { hasVenv: false });
    const chosen = await choosePython(LIBRARIES.math, { needsVenv: false });
    expect(chosen.version).toBe("3.12.1");
  });

  it("is the one named", async () => {
    python("python3.13", "3.13.0");
    const named = python("mine", "3.11.9");
    const chosen = await choosePython(LIBRARIES.math, { named, needsVenv: true });
    expect(chosen.path).toBe(named);
  });

  it.each([
    ["of another version", () => python("old", "3.9.18"), 'old" is Python 3.9.18; '],
    ["that is none", () => program("old", "echo hello"), 'old" is no Python that runs; '],
    ["that is not there", () => join(folder, "old"), 'old" is no Python that runs; '],
  ])("is refused when one is named %s", async (_, make, message) => {
    await expect(
      choosePython(LIBRARIES.gymnasium, { named: make(), needsVenv: true }),
    ).rejects.toMatchObject({
      code: "GEM_INVALID_OPTION",
      message: expect.stringContaining(
        `${message}Gymnasium runs on Python 3.10, 3.11, 3.12, 3.13.`,
      ) as string,
    });
  });

  it("is asked for when there is none, with what was found", async () => {
    const path = python("python3", "3.14.0");
    await expect(choosePython(LIBRARIES.math, { needsVenv: true })).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining(
        `none of them is on PATH (${path} is 3.14.0). Install one`,
      ) as string,
    });
  });

  it("is asked to be completed when none can make environments", async () => {
    const path = python("python3", "3.12.3", { hasVenv: false });
    await expect(choosePython(LIBRARIES.math, { needsVenv: true })).rejects.toThrow(
      `${path} cannot make virtual environments: its venv module, or both pip and ensurepip are missing. ` +
        "On Debian and Ubuntu: `apt-get install python3.12-venv`. Or put uv on PATH.",
    );
  });
});
