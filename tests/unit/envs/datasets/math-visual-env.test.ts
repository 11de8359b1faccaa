import { expect, it } from "vitest";
import { TERMINAL_STATE } from "../../../../src/core/constants.ts";
import { libraryOf, maker } from "./rows.ts";

const ROWS = [0, 1, 2].map((i) => ({
  problem: `p${i}`,
  answer: String(i),
  images: [{ bytes: Uint8Array.of(i), path: null }],
}));

it("shows every row once, with its pictures, and can be answered", async () => {
  const make = maker(libraryOf({}));
  const env = make("math:Geometry3K", { dataset: ROWS, eval: true });
  for (const [i, { problem, images }] of ROWS.entries()) {
    expect(await env.reset()).toEqual([{ problem, images }, {}]);
    expect(await env.step(`\\boxed{${i}}`)).toEqual([
      TERMINAL_STATE,
      1,
      true,
      true,
      { correct: 1 },
    ]);
  }
  expect(env.getAttribute("epoch")).toBe(0);
  expect(await env.reset(null, { idx: 2 })).toEqual([
    { problem: "p2", images: ROWS[2]?.images },
    {},
  ]);
});
