import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Picture } from "../../../../src/envs/picture.ts";
import { renderPicture } from "../../../../src/envs/render/render.ts";

const PICTURE: Picture = {
  rows: [
    [
      { text: "12", tone: "wall" },
      { text: "", tone: "empty" },
    ],
    [
      { text: "√", tone: { heat: 1 } },
      { text: "<", tone: { heat: 0 } },
    ],
  ],
  rowLabels: ["R0", "R10"],
  columnLabels: ["a", "b"],
  block: 1,
  notes: ['2 < 3 & "so on"'],
};

/** Text without its colours. */
function bare(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what colours are written with
  return text.replace(/\u001b\[[\d;]*m/g, "");
}

describe("ansi", () => {
  it("lines up labels and cells, and sets blocks apart", () => {
    expect(bare(renderPicture(PICTURE, "ansi"))).toBe(
      '    a    b  \n R0 12      \n\nR10 √    <  \n2 < 3 & "so on"\n',
    );
  });

  it("colours each cell and ends its colour", () => {
    const text = renderPicture(PICTURE, "ansi");
    expect(text).toContain("\u001b[48;2;75;85;99;38;2;249;250;251m 12 \u001b[0m");
    expect(text.split("\u001b[48;2;").length).toBe(text.split("\u001b[0m").length);
  });
});

describe("svg", () => {
  it("is one document with a box and a text for each cell, its text escaped", () => {
    const svg = renderPicture(PICTURE, "svg");
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
    expect(svg.match(/<rect /g)).toHaveLength(1 + 4);
    expect(svg.match(/<text /g)).toHaveLength(3 + 4 + 1);
    expect(svg).toContain(">&#60;</text>");
    expect(svg).toContain(">2 &#60; 3 &#38; &#34;so on&#34;</text>");
  });

  it("holds no character that XML cannot hold, whatever a cell says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const svg = renderPicture({ rows: [[{ text, tone: "plain" }]], notes: [text] }, "svg");
        // eslint-disable-next-line no-control-regex -- these are what XML forbids
        expect(svg).not.toMatch(/[\0-\u0008\v\f\u000e-\u001f\ufffe\uffff]/);
        expect(svg.isWellFormed()).toBe(true);
        expect(svg.match(/<(?!\/?(?:svg|rect|text)[ >])/g)).toBeNull();
      }),
    );
  });

  it("draws a picture without cells", () => {
    expect(renderPicture({ rows: [] }, "svg")).toContain("</svg>");
  });
});

it("an unknown format is refused with those there are", () => {
  expect(() => renderPicture(PICTURE, "png")).toThrow(
    'The format of render() must be one of ansi, svg, got "png".',
  );
});
