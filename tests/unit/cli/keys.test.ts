import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAllowed, readServerKeys } from "../../../src/transport/curve/key-files.ts";
import { addKeys, makeKeys } from "../../../src/transport/curve/make-keys.ts";

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "gem-test-"));
  folder = join(parent, "keys");
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

function lines(file: string): readonly string[][] {
  const text = readFileSync(join(folder, file), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "))
    .map((line) => line.split(" "));
}

describe("keys", () => {
  it("are made for a server and its clients, who are on its list", () => {
    makeKeys(folder, ["alice", "bob"]);
    expect(readdirSync(folder).sort()).toEqual(["alice.key", "allowed", "bob.key", "server.key"]);
    const { publicKey } = readServerKeys(folder);
    for (const name of ["alice", "bob"]) {
      const [[, mine], , [, server]] = lines(`${name}.key`) as [string[], string[], string[]];
      expect(server).toBe(publicKey);
      expect(lines("allowed")).toContainEqual([mine, name]);
    }
    expect(readAllowed(join(folder, "allowed")).size).toBe(2);
  });

  it("can be read by their user alone", () => {
    makeKeys(folder, ["alice"]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it("are never overwritten", () => {
    makeKeys(folder, ["alice"]);
    const before = readFileSync(join(folder, "server.key"), "utf8");
    expect(() => makeKeys(folder, ["alice"])).toThrow("exists. Nothing was changed");
    expect(() => addKeys(folder, ["alice"])).toThrow("exists. Nothing was changed");
    expect(readFileSync(join(folder, "server.key"), "utf8")).toBe(before);
    expect(lines("allowed")).toHaveLength(1);
    expect(readdirSync(parent)).toEqual(["keys"]);
  });

  it("are added for further clients", () => {
    makeKeys(folder, ["alice"]);
    addKeys(folder, ["bob", "carol"]);
    expect(lines("allowed").map(([, name]) => name)).toEqual(["alice", "bob", "carol"]);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it.each(["", "../x", "server", "allowed", ".hidden", "a b"])(
    "are not made for a client named %j",
    (name) => {
      expect(() => makeKeys(folder, [name])).toThrow("A client's name");
      expect(existsSync(folder)).toBe(false);
    },
  );

  it("are each client's own", () => {
    expect(() => makeKeys(folder, ["alice", "alice"])).toThrow("a name of its own");
  });
});
