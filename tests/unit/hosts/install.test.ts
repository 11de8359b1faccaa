import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installLibrary, removeLibrary } from "../../../src/hosts/install.ts";
import { installationOf, pythonIn, type Library } from "../../../src/hosts/libraries.ts";
import { tinyLibrary } from "../../fixtures/tiny-library.ts";

let folder: string;
let hosts: string;
let tiny: Library;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-test-"));
  hosts = join(folder, "hosts");
  tiny = tinyLibrary(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What Python prints in the environment of a library. */
function run(library: Library, code: string): string {
  const python = pythonIn(installationOf(library, hosts).folder);
  return spawnSync(python, ["-c", code], { encoding: "utf8" }).stdout;
}

// The tests go on where the one before ended: an installation takes seconds.
describe("installing a library", { timeout: 60_000 }, () => {
  it("makes an environment of its own, once, when two ask at the same time", async () => {
    const phases: string[] = [];
    const onProgress = (phase: string): void => void phases.push(phase);
    const both = await Promise.all([
      installLibrary(tiny, { hosts, onProgress }),
      installLibrary(tiny, { hosts, onProgress }),
    ]);
    expect(both.map(({ wasThere }) => wasThere).toSorted()).toEqual([false, true]);
    expect(both[0]).toMatchObject({
      state: "installed",
      stamp: { requirements: tiny.requirements, version: "1.5" },
    });
    expect([...new Set(phases)]).toEqual([
      "waiting for another installation of it",
      expect.stringMatching(/^making an environment of Python 3\.\d+\.\d+$/),
      "installing packages",
      "importing it",
    ]);
    expect(run(tiny, "import tiny; print(tiny.x)")).toBe("1\n");
    expect(readdirSync(hosts)).toEqual([tiny.name]);
  });

  it("starts nothing when it is there already", async () => {
    const stopped = AbortSignal.abort();
    const { wasThere } = await installLibrary(tiny, { hosts, signal: stopped });
    expect(wasThere).toBe(true);
  });

  it("leaves what was there alone when it fails, and says why and what to do", async () => {
    const other = { ...tiny, requirements: [join(folder, "other-1.0-py3-none-any.whl")] };
    await expect(installLibrary(other, { hosts })).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringMatching(
        /^Installing Tiny: installing packages failed: `.*other-1\.0.*` ended with exit code \d+:\n\n {2}\| .*other-1\.0.*Run this again/s,
      ) as string,
    });
    expect(readdirSync(hosts)).toEqual([tiny.name]);
    expect(installationOf(tiny, hosts).state).toBe("installed");
    expect(installationOf(other, hosts).state).toBe("outdated");
  });

  it("refuses a library that does not import", async () => {
    const other = { ...tiny, imports: "not_there" };
    await expect(installLibrary(other, { hosts, force: true })).rejects.toThrow(
      /importing it failed.*No module named 'not_there'/s,
    );
    expect(readdirSync(hosts)).toEqual([tiny.name]);
  });

  it("leaves nothing behind when it is stopped", async () => {
    const stop = new AbortController();
    const onProgress = (phase: string): void => {
      if (phase.startsWith("making")) stop.abort(new Error("stopped"));
    };
    const options = { hosts, force: true, signal: stop.signal, onProgress };
    await expect(installLibrary(tiny, options)).rejects.toThrow("stopped");
    expect(readdirSync(hosts)).toEqual([tiny.name]);
    expect(installationOf(tiny, hosts).state).toBe("installed");
  });

  it("installs again what lost its Python", async () => {
    unlinkSync(pythonIn(installationOf(tiny, hosts).folder));
    expect(installationOf(tiny, hosts).state).toBe("broken");
    const { state, wasThere } = await installLibrary(tiny, { hosts });
    expect([state, wasThere]).toEqual(["installed", false]);
  });

  it("is undone by removing", async () => {
    expect(await removeLibrary(tiny, { hosts })).toBe(true);
    expect(await removeLibrary(tiny, { hosts })).toBe(false);
    expect(readdirSync(hosts)).toEqual([]);
    expect(installationOf(tiny, hosts).state).toBe("not installed");
  });

  it("says what to do when the folder cannot be made", async () => {
    const file = tiny.requirements[0] ?? "";
    await expect(installLibrary(tiny, { hosts: join(file, "hosts") })).rejects.toThrow(
      /^The folder of library hosts cannot be made: .*\. Name another one in GEM_HOSTS\.$/,
    );
  });
});
