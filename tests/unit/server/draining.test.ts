import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Draining } from "../../../src/server/draining.ts";
import { advertised } from "../../../src/server/endpoints.ts";
import { joinRegistry, readRegistry, registryFolder } from "../../../src/server/registry.ts";
import { FakeClock } from "./fake-clock.ts";

describe("a draining server", () => {
  it("ends when its last worker has nothing left", () => {
    const happened: string[] = [];
    const draining = newDraining(2, happened);
    draining.order({ drainWithinMs: undefined });
    draining.note(1);
    draining.note(1);
    expect(happened).toEqual(["begin"]);
    draining.note(0);
    expect(happened).toEqual(["begin", "end"]);
  });

  it("ends when its time is up; a later order changes the time and begins nothing anew", () => {
    const happened: string[] = [];
    const clock = new FakeClock();
    const draining = newDraining(2, happened, clock);
    draining.order({ drainWithinMs: 1000 });
    draining.order({ drainWithinMs: 5000 });
    clock.advance(4999);
    expect(happened).toEqual(["begin"]);
    clock.advance(1);
    expect(happened).toEqual(["begin", "end"]);
  });
});

function newDraining(workers: number, happened: string[], clock = new FakeClock()): Draining {
  return new Draining(
    workers,
    clock,
    () => happened.push("begin"),
    () => happened.push("end"),
  );
}

describe("a folder of servers", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gem-test-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("has a server from when it joins to when it leaves, and no drafts", () => {
    const leave = joinRegistry(join(folder, "new"), { endpoints: ["tcp://a:1"], key: "k" });
    expect(readRegistry(join(folder, "new"))).toMatchObject([
      { endpoints: ["tcp://a:1"], key: "k" },
    ]);
    expect(readdirSync(join(folder, "new"))).toHaveLength(1);
    leave();
    leave();
    expect(readRegistry(join(folder, "new"))).toEqual([]);
  });

  it("is read as far as it can be", () => {
    writeFileSync(join(folder, "a.json"), "{");
    writeFileSync(join(folder, "b.json"), '{"endpoints": "tcp://a:1"}');
    writeFileSync(join(folder, "c.json"), '{"endpoints": ["tcp://c:1"]}');
    writeFileSync(join(folder, ".d.json"), '{"endpoints": ["tcp://d:1"]}');
    mkdirSync(join(folder, "e.json"));
    expect(readRegistry(folder)).toEqual([{ endpoints: ["tcp://c:1"] }]);
    expect(readRegistry(join(folder, "missing"))).toEqual([]);
  });

  it("is written file:///path", () => {
    expect(registryFolder("file:///a%20b/c")).toBe("/a b/c");
    for (const wrong of ["/a", "file://host/a", "a", "http://a/b"])
      expect(() => registryFolder(wrong)).toThrow("file:///absolute/path");
  });

  it("says addresses that other machines can reach", () => {
    const endpoints = { addresses: ["tcp://0.0.0.0:7000"], remove: () => undefined };
    const place = { transport: "tcp", host: "0.0.0.0", port: 7000 } as const;
    expect(advertised(endpoints, { ...place, advertise: "node-3" }).endpoints).toEqual([
      "tcp://node-3:7000",
    ]);
    expect(advertised(endpoints, place).endpoints[0]).not.toContain("0.0.0.0");
    expect(advertised(endpoints, { ...place, advertise: "fd00::7" }).endpoints).toEqual([
      "tcp://[fd00::7]:7000",
    ]);
  });
});
