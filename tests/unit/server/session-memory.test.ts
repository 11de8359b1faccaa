import { expect, it } from "vitest";
import { encode } from "../../../src/protocol/codec.ts";
import { Client } from "../../../src/server/client.ts";
import { Session } from "../../../src/server/session.ts";
import type { Reply } from "../../../src/transport/transport.ts";

const LARGE = "x".repeat(10_000);

function reply(copies: boolean): Reply {
  const send: Reply = () => undefined;
  send.copies = copies;
  return send;
}

/** Whether the memory of a call's reply is the next frame's after the next call has begun. */
function isUsedAgain(session: Session, meanwhile: () => void = () => undefined): boolean {
  const frame = encode(LARGE);
  session.advance();
  session.conclude(frame);
  meanwhile();
  session.advance();
  return encode(LARGE).buffer === frame.buffer;
}

function sessionOf(peer: Reply): Session {
  return new Session("12345678", new Client("x".repeat(16)), peer);
}

it("a reply's memory is used again when the peer has copied it", () => {
  expect(isUsedAgain(sessionOf(reply(true)))).toBe(true);
});

it("a reply's memory is the peer's where it may still be on its way", () => {
  expect(isUsedAgain(sessionOf(reply(false)))).toBe(false);
});

it("a reply's memory is the peer's when it was sent again to one that does not copy", () => {
  const session = sessionOf(reply(true));
  const again = (): void => {
    session.reply = reply(false);
    session.repeat();
    session.reply = reply(true);
  };
  expect(isUsedAgain(session, again)).toBe(false);
});

it("a reply's memory is the peer's when the session has moved on to one that copies", () => {
  const session = sessionOf(reply(false));
  expect(
    isUsedAgain(session, () => {
      session.reply = reply(true);
    }),
  ).toBe(false);
});

it("a reply that may be asked for again is never written over", () => {
  const sent: Buffer[] = [];
  const peer: Reply = (frame) => void sent.push(Buffer.from(frame));
  peer.copies = true;
  const session = sessionOf(peer);
  session.advance();
  session.conclude(encode(LARGE));
  encode("y".repeat(10_000));
  session.repeat();
  expect(sent[1]?.equals(sent[0] ?? Buffer.alloc(0))).toBe(true);
});
