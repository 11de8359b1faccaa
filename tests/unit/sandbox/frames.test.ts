import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCancel, encodeRun, MessageReader } from "../../../src/sandbox/frames.ts";

/** A result as `frames.py` packs it. */
function packResult(stdout: string, stderr: string): Buffer {
  const head = Buffer.alloc(34);
  head.set([2, 1]);
  head.writeInt32LE(7, 2);
  head.writeInt32LE(9, 6);
  head.writeBigUInt64LE(5_000_000_000n, 10);
  head.writeBigUInt64LE(3n, 18);
  head.writeUInt32LE(stdout.length, 26);
  head.writeUInt32LE(stderr.length, 30);
  return Buffer.concat([head, Buffer.from(stdout + stderr)]);
}

function packText(kind: number, text: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind, 0);
  head.writeUInt32LE(Buffer.byteLength(text), 1);
  return Buffer.concat([head, Buffer.from(text)]);
}

describe("a request", () => {
  it("says its kind, flags, time and lengths before code and input", () => {
    const bytes = encodeRun("é", "abc", 1500, true);
    expect(bytes.toString("hex")).toBe("0101dc0500000200000003000000c3a9616263");
  });

  it("to cancel is as long as a run's head", () => {
    expect(encodeCancel().toString("hex")).toBe("0200".padEnd(28, "0"));
  });
});

describe("a reader of messages", () => {
  it("reads them however the bytes are cut", () => {
    const stream = Buffer.concat([packText(1, "{}"), packResult("out", ""), packText(3, "é")]);
    const whole = new MessageReader().read(stream);
    expect(whole).toEqual([
      { kind: "ready", text: "{}" },
      {
        kind: "result",
        outcome: {
          ending: 1,
          exitCode: 7,
          signal: 9,
          stdoutBytes: 5_000_000_000,
          stderrBytes: 3,
          stdout: Buffer.from("out"),
          stderr: Buffer.alloc(0),
        },
      },
      { kind: "fault", text: "é" },
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (lengths) => {
        const reader = new MessageReader();
        const read = [];
        let at = 0;
        for (const length of [...lengths, stream.length]) {
          read.push(...reader.read(stream.subarray(at, at + length)));
          at += length;
        }
        expect(read).toEqual(whole);
      }),
    );
  });

  it("refuses what is no message", () => {
    expect(() => new MessageReader().read(Buffer.alloc(40, 77))).toThrow("Unknown message 77");
  });
});
