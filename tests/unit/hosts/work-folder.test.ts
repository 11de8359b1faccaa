import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { workFolder } from "../../../src/hosts/work-folder.ts";

const before = process.env["TMPDIR"];
let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gem-test-"));
  process.env["TMPDIR"] = root;
});

afterEach(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(root, { recursive: true });
});

it("is one folder of the user's that nobody else can enter", () => {
  const folder = workFolder();
  expect(workFolder()).toBe(folder);
  expect(lstatSync(folder).mode & 0o777).toBe(0o700);
});

it("is another one where somebody has put a link in its place", () => {
  const elsewhere = join(root, "elsewhere");
  mkdirSync(elsewhere);
  const name = `gem-hosts-${userInfo().uid}`;
  symlinkSync(elsewhere, join(root, name));
  const folder = workFolder();
  expect(folder).not.toBe(join(root, name));
  expect(lstatSync(folder).isDirectory()).toBe(true);
});
