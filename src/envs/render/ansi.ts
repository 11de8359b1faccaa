import type { Picture, PictureCell } from "../picture.ts";
import { coloursOf, type Rgb } from "./palette.ts";

const ESCAPE = "\u001b[";
const RESET = `${ESCAPE}0m`;

/** Draws a picture for a terminal with 24-bit colours: lines of text, each ended by a newline. */
export function renderAnsi(picture: Picture): string {
  const { rows, rowLabels = [], columnLabels = [], block, notes = [] } = picture;
  const width = 2 + longest([...rows.flat().map(({ text }) => text), ...columnLabels]);
  const margin = longest(rowLabels);
  const lines: string[] = [];
  if (columnLabels.length > 0) {
    lines.push(
      " ".repeat(margin) +
        spaced(
          columnLabels.map((label) => centred(label, width)),
          block,
        ),
    );
  }
  rows.forEach((row, index) => {
    const label = (rowLabels[index] ?? "").padStart(margin);
    lines.push(
      label +
        spaced(
          row.map((cell) => drawCell(cell, width)),
          block,
        ),
    );
    if (block !== undefined && (index + 1) % block === 0 && index + 1 < rows.length) lines.push("");
  });
  return [...lines, ...notes].map((line) => `${line}\n`).join("");
}

function drawCell({ text, tone }: PictureCell, width: number): string {
  const { fill, ink } = coloursOf(tone);
  return `${ESCAPE}48;2;${code(fill)};38;2;${code(ink)}m${centred(text, width)}${RESET}`;
}

function code(colour: Rgb): string {
  return colour.join(";");
}

/** Joins cells, with a gap after each block. */
function spaced(cells: readonly string[], block: number | undefined): string {
  if (block === undefined) return cells.join("");
  return cells
    .map((cell, i) => ((i + 1) % block === 0 && i + 1 < cells.length ? `${cell} ` : cell))
    .join("");
}

function centred(text: string, width: number): string {
  const room = width - lengthOf(text);
  const left = Math.floor(room / 2);
  return " ".repeat(Math.max(left, 0)) + text + " ".repeat(Math.max(room - left, 0));
}

function longest(texts: readonly string[]): number {
  return texts.reduce((length, text) => Math.max(length, lengthOf(text)), 0);
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
