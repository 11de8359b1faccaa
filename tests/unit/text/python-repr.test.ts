import { describe, expect, it } from "vitest";
import { pythonJson } from "../../../src/text/python-json.ts";
import { pythonFloat } from "../../../src/text/python-number.ts";
import { pythonReprOfJson, pythonReprOfString } from "../../../src/text/python-repr.ts";

describe("pythonFloat", () => {
  it.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [1.5, "1.5"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-0.00012345, "-0.00012345"],
    [1.25e-7, "1.25e-07"],
    [1e15, "1000000000000000.0"],
    [1e16, "1e+16"],
    [1.5e300, "1.5e+300"],
    [5e-324, "5e-324"],
    [0.1 + 0.2, "0.30000000000000004"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
  ])("writes %d as %s", (value, text) => {
    expect(pythonFloat(value)).toBe(text);
  });
});

describe("pythonReprOfString", () => {
  it.each([
    ["a", "'a'"],
    ["it's", '"it\'s"'],
    [`'"`, `'\\'"'`],
    ["a\\b\n\t\r", "'a\\\\b\\n\\t\\r'"],
    ["\0\x7f\xa0\xad", "'\\x00\\x7f\\xa0\\xad'"],
    ["é☃😀", "'é☃😀'"],
    ["\u2028\ufeff\ue000", "'\\u2028\\ufeff\\ue000'"],
    ["\u{10ffff}", "'\\U0010ffff'"],
    ["\ud800", "'\\ud800'"],
  ])("shows %j as %s", (text, shown) => {
    expect(pythonReprOfString(text)).toBe(shown);
  });
});

describe("pythonReprOfJson", () => {
  it.each([
    [" { } ", "{}"],
    ["[]", "[]"],
    [
      '{"a":1,"b":[true,false,null],"c":{"d":"x"}}',
      "{'a': 1, 'b': [True, False, None], 'c': {'d': 'x'}}",
    ],
    ["[1.0, -0, 1e2, 12345678901234567890]", "[1.0, 0, 100.0, 12345678901234567890]"],
    ['{"2":1,"1":2,"2":3}', "{'2': 3, '1': 2}"],
    ['"\\u00e9\\n"', "'é\\n'"],
  ])("shows %s as %s", (json, shown) => {
    expect(pythonReprOfJson(json)).toBe(shown);
  });

  it.each(["", "{", "[1,]", "{1:2}", "tru", "1 2", '"\n"', "[".repeat(300) + "]".repeat(300)])(
    "gives undefined for %j",
    (text) => {
      expect(pythonReprOfJson(text)).toBeUndefined();
    },
  );
});

describe("pythonJson", () => {
  it.each([
    [{ a: [1, 2.5, null, true], b: {} }, '{"a": [1, 2.5, null, true], "b": {}}'],
    ['"\\\n\b\f\x1f\x7fé😀', '"\\"\\\\\\n\\b\\f\\u001f\\u007f\\u00e9\\ud83d\\ude00"'],
    [[1e16, 1e-7, 2 ** 70], "[10000000000000000, 1e-07, 1180591620717411303424]"],
    [{ a: undefined }, "{}"],
  ])("writes %j as %s", (value, text) => {
    expect(pythonJson(value)).toBe(text);
  });
});
