import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ADDON_PATH, loadAddon } from "../../../src/native/addon.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gem-addon-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function messageOf(path: string): string {
  const addon = loadAddon(path);
  if (!(addon instanceof Error)) throw new Error(`${path} was loaded.`);
  return addon.message;
}

describe("loadAddon", () => {
  it("says what makes a file that is missing", () => {
    const path = join(folder, "none.node");
    expect(messageOf(path)).toBe(
      `There is no ${path}: \`npm run build:bridge\` makes it where cargo is.`,
    );
  });

  it("gives the loader's reason for a file that is broken", () => {
    const path = join(folder, "broken.node");
    writeFileSync(path, "not a library");
    expect(messageOf(path)).toMatch(
      /broken\.node cannot be loaded: .*(?:invalid ELF|too short|mach-o)/i,
    );
  });

  it("refuses a module with other exports", () => {
    const path = join(folder, "other.cjs");
    writeFileSync(path, "exports.LAYOUT_VERSION = 1;");
    expect(messageOf(path)).toMatch(/other\.cjs is not this version's addon/);
  });
});

describe("ADDON_PATH", () => {
  it("is named after the platform", () => {
    expect(ADDON_PATH).toMatch(
      new RegExp(`/native/gem-shm\\.${process.platform}-${process.arch}\\.node$`),
    );
  });
});
