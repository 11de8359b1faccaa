import fc from "fast-check";

/** Any UTF-16 text, lone surrogates included. */
const anyText = fc
  .array(fc.nat(0xffff), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units));

/** Text of pieces that nearly make an answer. */
const nearlyAnswer = fc
  .array(
    fc.constantFrom(
      ..."\\,\\boxed{,\\BOXED{,boxed,{,},0,7,-1,up,Left,r\u0131ght,\ud800,\u0662, ,\n".split(","),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(""));

/** What a model may reply: anything at all, near misses, and answers. */
export const anyReply: fc.Arbitrary<string> = fc.oneof(
  anyText,
  nearlyAnswer,
  fc.integer({ min: -3, max: 60 }).map((n) => `\\boxed{${String(n)}}`),
  fc.constantFrom("up", "down", "left", "right", "DOWN").map((word) => `\\boxed{${word}}`),
);
