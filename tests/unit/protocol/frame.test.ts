import { describe, expect, it } from "vitest";
import { GemError } from "../../../src/errors.ts";
import { decode, encode } from "../../../src/protocol/codec.ts";
import { errorFrame, readClientFrame } from "../../../src/protocol/frame.ts";

const session = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
const name = "\x01\x02\x03\x04\x05\x06\x07\x08";

describe("readClientFrame", () => {
  it.each([
    ["no array", 5],
    ["four elements", [0, session, 1, "list"]],
    ["an unknown kind", [2, session, 1, "list", []]],
    ["a session of seven bytes", [0, session.subarray(1), 1, "list", []]],
    ["a session that is text", [0, "12345678", 1, "list", []]],
    ["call number 0", [0, session, 0, "list", []]],
    ["a call number that is no integer", [0, session, 1.5, "list", []]],
  ])("throws on %s", (_, value) => {
    expect(() => readClientFrame(encode(value))).toThrow(
      expect.objectContaining({ code: "GEM_BAD_FRAME" }),
    );
  });

  it.each([
    ["call", "params that are a map", [0, session, 3, "list", {}]],
    ["call", "a method that is a number", [0, session, 3, 7, []]],
    ["answer", "an outcome that is neither", [1, session, 3, 1, [[null, 1]]]],
    ["answer", "a failure without a ref", [1, session, 3, 1, [[false, ["ValueError", "no"]]]]],
    ["answer", "round 0", [1, session, 3, 0, []]],
  ])("attributes a bad %s (%s)", (of, _, value) => {
    expect(readClientFrame(encode(value))).toMatchObject({ kind: "bad", of, session: name, n: 3 });
  });

  it("attributes a call that breaks off after its number", () => {
    const frame = encode([0, session, 3, "list", [1, 2]]);
    expect(readClientFrame(frame.subarray(0, -1))).toMatchObject({ kind: "bad", of: "call", n: 3 });
  });
});

describe("errorFrame", () => {
  it("leaves out details that cannot be sent", () => {
    const error = new GemError("GEM_ENV_FAULT", "It broke.", { board: () => 1 });
    expect(decode(errorFrame(4, error))).toEqual([1, 4, "GEM_ENV_FAULT", "It broke.", {}]);
  });
});
