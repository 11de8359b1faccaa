import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isBridgeCurrent } from "../../../scripts/setup/bridge.mjs";
import { commandLine, mustRun, runProgram } from "../../../scripts/setup/command.mjs";
import { packageNames } from "../../../scripts/setup/kiwix.mjs";
import { isInstalled } from "../../../scripts/setup/node-modules.mjs";
import { choosePython } from "../../../scripts/setup/python.mjs";
import { contentHash, readJson, writeStamp } from "../../../scripts/setup/stamp.mjs";

let folder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-setup-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("isInstalled", () => {
  const linux = { platform: "linux", arch: "x64" };
  const lock = {
    packages: {
      "": { name: "gem-node", version: "0.1.0" },
      "node_modules/zod": { version: "4.0.0" },
      "node_modules/native-linux": {
        version: "1.0.0",
        optional: true,
        os: ["linux"],
        cpu: ["x64"],
      },
      "node_modules/native-darwin": {
        version: "1.0.0",
        optional: true,
        os: ["darwin"],
        cpu: ["arm64"],
      },
    },
  };
  const installed = (...entries) => ({ packages: Object.fromEntries(entries) });
  const zod = ["node_modules/zod", { version: "4.0.0" }];
  const native = ["node_modules/native-linux", { version: "1.0.0" }];

  it("wants this platform's native parts and no other's", () => {
    expect(isInstalled(lock, installed(zod, native), linux)).toBe(true);
    expect(isInstalled(lock, installed(zod), linux)).toBe(false);
    expect(isInstalled(lock, installed(zod, native), { platform: "darwin", arch: "arm64" })).toBe(
      false,
    );
  });

  it("notices a missing package and another version", () => {
    expect(isInstalled(lock, installed(native), linux)).toBe(false);
    expect(
      isInstalled(lock, installed(["node_modules/zod", { version: "4.0.1" }], native), linux),
    ).toBe(false);
  });
});

describe("packageNames", () => {
  it("reads the packages of apt-cache's list, and not what only stands for others", () => {
    const graph =
      "kiwix-tools\n  Depends: libkiwix11\n  Depends: libc6\nlibkiwix11\n |Depends: <x>\n<x>\nlibkiwix11\n";
    expect(packageNames(graph)).toEqual(["kiwix-tools", "libkiwix11"]);
  });
});

describe("isBridgeCurrent", () => {
  const facts = (hasCargo, hasOutputs, inputs = "a") => ({
    inputs,
    hasCargo: () => hasCargo,
    hasOutputs: () => hasOutputs,
  });

  it("wants what was built from these sources", () => {
    const built = { inputs: "a", isLeftOut: false };
    expect(isBridgeCurrent(built, facts(true, true))).toBe(true);
    expect(isBridgeCurrent(built, facts(true, false))).toBe(false);
    expect(isBridgeCurrent(built, facts(true, true, "b"))).toBe(false);
    expect(isBridgeCurrent(undefined, facts(true, true))).toBe(false);
  });

  it("keeps what was built when cargo is gone", () => {
    expect(isBridgeCurrent({ inputs: "a", isLeftOut: false }, facts(false, true))).toBe(true);
  });

  it("leaves the bridge out until there is cargo", () => {
    const leftOut = { inputs: "a", isLeftOut: true };
    expect(isBridgeCurrent(leftOut, facts(false, false))).toBe(true);
    expect(isBridgeCurrent(leftOut, facts(true, false))).toBe(false);
  });
});

describe("choosePython", () => {
  const python = (version, has_venv = true) => ({
    path: `/usr/bin/python${version.join(".")}`,
    version,
    has_venv,
  });
  const range = { oldest: [3, 10], below: [3, 12] };

  it("takes the first that is new enough and old enough", () => {
    const pythons = [python([3, 12, 1]), python([3, 9, 2]), python([3, 11, 7]), python([3, 10, 0])];
    expect(choosePython(pythons, range).version).toEqual([3, 11, 7]);
  });

  it("passes over one that cannot make an environment", () => {
    const pythons = [python([3, 11, 2], false), python([3, 10, 0])];
    expect(choosePython(pythons, range).version).toEqual([3, 10, 0]);
    expect(choosePython(pythons, { ...range, needsVenv: false }).version).toEqual([3, 11, 2]);
  });

  it("names the Debian package that is missing", () => {
    expect(() => choosePython([python([3, 11, 2], false)], range)).toThrow(
      /apt-get install python3\.11-venv/,
    );
  });

  it("says what it found when nothing fits", () => {
    expect(() => choosePython([python([3, 9, 2])], range)).toThrow(
      /No Python 3\.10 or newer, below 3\.12 on PATH .*python3\.9\.2 is 3\.9\.2/,
    );
  });
});

describe("contentHash", () => {
  it("follows names and contents, not times", () => {
    const file = join(folder, "a.txt");
    mkdirSync(join(folder, "inner"));
    writeFileSync(file, "one");
    const first = contentHash([folder]);
    utimesSync(file, new Date(0), new Date(0));
    expect(contentHash([folder])).toBe(first);
    writeFileSync(file, "two");
    const second = contentHash([folder]);
    writeFileSync(join(folder, "inner", "b.txt"), "");
    expect(
      new Set([first, second, contentHash([folder]), contentHash([folder], "fact")]).size,
    ).toBe(4);
  });
});

describe("stamps", () => {
  it("are read as they were written, and damaged ones not at all", () => {
    const path = join(folder, "new", "stamp.json");
    expect(readJson(path)).toBeUndefined();
    writeStamp(path, { inputs: "abc" });
    expect(readJson(path)).toEqual({ inputs: "abc" });
    writeFileSync(path, "{");
    expect(readJson(path)).toBeUndefined();
  });
});

describe("commandLine", () => {
  it("quotes only what a shell would take apart", () => {
    expect(commandLine("pip", ["install", "-e", "./python[test,demo]", "it's"])).toBe(
      "pip install -e ./python[test,demo] 'it'\\''s'",
    );
  });
});

describe("runProgram", () => {
  it("gives the exit code and what was printed on either stream", async () => {
    const program = "console.log('out'); console.error('err'); process.exitCode = 3;";
    const { code, output } = await runProgram(process.execPath, ["-e", program]);
    expect(code).toBe(3);
    expect(output.split("\n").sort()).toEqual(["", "err", "out"]);
  });

  it("gives code 127 for a program that does not exist", async () => {
    expect((await runProgram(join(folder, "none"), [])).code).toBe(127);
  });

  it("kills a program that outlives its limit", async () => {
    const { code } = await runProgram(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      limitMs: 200,
    });
    expect(code).toBe(137);
  });
});

describe("mustRun", () => {
  it("throws with the command, the end of the output and the remedy", async () => {
    const running = mustRun(process.execPath, ["-e", "console.log('why'); process.exit(1)"], {
      fix: "Do this.",
    });
    await expect(running).rejects.toThrow(/failed \(exit code 1\):\n\n {2}\| why\n\nDo this\.$/);
  });
});
