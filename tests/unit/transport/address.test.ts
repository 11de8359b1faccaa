import { describe, expect, it } from "vitest";
import { assertSafeAddress } from "../../../src/transport/address.ts";

describe("assertSafeAddress", () => {
  it.each([
    "ipc:///tmp/gem-1-abcdef/0",
    "tcp://127.0.0.1:5000",
    "tcp://127.1.2.3:0",
    "tcp://localhost:5000",
    "tcp://[::1]:5000",
  ])("accepts %s", (address) => {
    expect(() => assertSafeAddress(address, false)).not.toThrow();
  });

  it.each([
    "tcp://0.0.0.0:5000",
    "tcp://192.168.1.5:5000",
    "tcp://*:5000",
    "tcp://[::]:5000",
    "tcp://example.org:5000",
    "tcp://127.0.0.1.example.org:5000",
  ])("refuses %s, which other machines can reach", (address) => {
    expect(() => assertSafeAddress(address, false)).toThrow(
      /can be reached from other machines.*loopback/,
    );
  });

  it.each(["", "inproc://x", "tcp://127.0.0.1", "tcp://127.0.0.1:port", "udp://127.0.0.1:5"])(
    "refuses %j, which is no address",
    (address) => {
      expect(() => assertSafeAddress(address, false)).toThrow("An address must be");
    },
  );
});
