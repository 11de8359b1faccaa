import { availableParallelism } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { completeOptions, surroundHosts } from "../../../src/hosts/host-settings.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  surroundHosts({ threads: 1, log: () => undefined });
});

describe("completeOptions", () => {
  it("takes what it is given, then the environment's variables, then what suits the machine", () => {
    expect(completeOptions({})).toMatchObject({ size: availableParallelism(), deadlineMs: 60_000 });
    vi.stubEnv("GEM_HOST_PROCESSES", "5");
    vi.stubEnv("GEM_HOST_DEADLINE", "2.5");
    vi.stubEnv("GEM_HOST_MEMORY", "10");
    const expected = { size: 5, deadlineMs: 2500, maxMemoryBytes: 10 * 1024 * 1024 };
    expect(completeOptions({})).toMatchObject(expected);
    expect(completeOptions({ size: 1, deadlineMs: 9 })).toMatchObject({ size: 1, deadlineMs: 9 });
  });

  it("shares the cores between threads, two processes at least for each where there are two cores", () => {
    surroundHosts({ threads: 1000, log: () => undefined });
    expect(completeOptions({}).size).toBe(Math.min(2, availableParallelism()));
  });

  it.each(["0", "-1", "many"])("refuses %j", (text) => {
    vi.stubEnv("GEM_HOST_DEADLINE", text);
    expect(() => completeOptions({})).toThrow(/GEM_HOST_DEADLINE must be a number above 0, got/);
  });
});
