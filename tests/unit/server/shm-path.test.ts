import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { shmPath } from "../../../src/server/shm-path.ts";

describe("shmPath", () => {
  it("leaves no file on Linux, and is another each time", () => {
    const path = shmPath("unix:///tmp/gem-1-abcdef/0", "linux");
    expect(path).toMatch(new RegExp(`^@gem-${String(process.pid)}-[0-9a-f]{12}$`));
    expect(shmPath("unix:///tmp/gem-1-abcdef/0", "linux")).not.toBe(path);
  });

  it("lies elsewhere beside the worker's own socket, or else under the temporary folder", () => {
    expect(shmPath("unix:///tmp/gem-1-abcdef/0", "darwin")).toBe("/tmp/gem-1-abcdef/0s");
    expect(shmPath("ipc:///tmp/gem-1-abcdef/1", "darwin")).toBe("/tmp/gem-1-abcdef/1s");
    expect(dirname(shmPath("tcp://127.0.0.1:5000", "darwin"))).toBe(tmpdir());
  });
});
