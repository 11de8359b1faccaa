import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../src/protocol/codec.ts";
import {
  errorFrame,
  needFrame,
  readClientFrame,
  resultFrame,
} from "../../../src/protocol/frame.ts";
import { GemError, type ErrorCode } from "../../../src/errors.ts";
import type { NeedItem } from "../../../src/protocol/messages.ts";
import { decodedOf, goldenFrames, refusedFrames, valueOf } from "./meaning.ts";

const values = goldenFrames("values");
const fromClient = goldenFrames("client");
const fromServer = goldenFrames("server");
const refused = refusedFrames();

function bytes(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

describe("golden values", () => {
  it.each(values)("writes $name", ({ hex, meaning }) => {
    expect(encode(valueOf(meaning)).toString("hex")).toBe(hex);
  });

  it.each(values)("reads $name", ({ hex, meaning }) => {
    expect(decode(bytes(hex))).toEqual(decodedOf(meaning));
  });
});

describe("golden frames of the client", () => {
  it.each(fromClient)("reads $name", ({ hex, meaning }) => {
    const [kind, session, n, third, fourth] = decodedOf(meaning) as unknown[];
    const name = Buffer.from(session as Uint8Array).toString("latin1");
    expect(readClientFrame(bytes(hex))).toEqual(
      kind === 0
        ? { kind: "call", session: name, n, method: third, params: fourth }
        : { kind: "answer", session: name, n, round: third, outcomes: fourth },
    );
  });
});

describe("golden frames of the server", () => {
  it.each(fromServer)("writes $name", ({ hex, meaning }) => {
    expect(write(valueOf(meaning) as unknown[]).toString("hex")).toBe(hex);
  });

  function write([kind, n, third, fourth, details]: unknown[]): Buffer {
    const number = n as number;
    if (kind === 0) return resultFrame(number, third);
    if (kind === 2) return needFrame(number, third as number, fourth as NeedItem[]);
    return errorFrame(
      number,
      new GemError(
        third as ErrorCode,
        fourth as string,
        details as object as Record<string, unknown>,
      ),
    );
  }
});

describe("frames that are refused", () => {
  it.each(refused)("refuses $name", ({ hex, reason }) => {
    expect(() => decode(bytes(hex))).toThrow(
      expect.objectContaining({
        code: "GEM_BAD_FRAME",
        message: expect.stringContaining(reason) as string,
      }),
    );
  });
});
