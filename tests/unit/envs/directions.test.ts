import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastBoxedDirection } from "../../../src/envs/directions.ts";
import { anyReply } from "./replies.ts";

describe("lastBoxedDirection", () => {
  it.each([
    ["\\boxed{up}", "up"],
    ["\\boxed{DOWN}", "down"],
    ["\\BOXED{Left}", "left"],
    ["go \\boxed{left}, no, \\boxed{right}!", "right"],
    ["\\boxed{left} \\boxed{north}", "left"],
  ])("reads %j as %j", (reply, direction) => {
    expect(lastBoxedDirection(reply)).toBe(direction);
  });

  it.each([
    "",
    "up",
    "\\boxed{}",
    "\\boxed{ up}",
    "\\boxed{up }",
    "\\boxed{upup}",
    "\\boxed{u}",
    "\\boxed{r\u0131ght}",
    "\\boxed{R\u0130GHT}",
    "\\boxed{\uff55\uff50}",
  ])("finds no direction in %j", (reply) => {
    expect(lastBoxedDirection(reply)).toBeUndefined();
  });

  it("answers any string", () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        const direction = lastBoxedDirection(reply);
        expect(["up", "down", "left", "right", undefined]).toContain(direction);
      }),
    );
  });
});
