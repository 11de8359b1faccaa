import type { Picture, PictureCell } from "../picture.ts";
import { coloursOf, type Rgb } from "./palette.ts";

const CELL = 40;
const GAP = 2;
const BLOCK_GAP = 6;
const MARGIN = 12;
const LABEL = 28;
const LINE = 22;
const FONT = 16;
/** About how wide a character is. */
const CHARACTER = 9;

/** Draws a picture as a complete SVG document; lengths are in pixels. */
export function renderSvg(picture: Picture): string {
  const { rows, rowLabels = [], columnLabels = [], block, notes = [] } = picture;
  const cellWidth = Math.max(CELL, ...rows.flat().map(({ text }) => textWidth(text) + 2 * GAP + 8));
  const left = MARGIN + (rowLabels.length > 0 ? Math.max(LABEL, ...rowLabels.map(textWidth)) : 0);
  const top = MARGIN + (columnLabels.length > 0 ? LABEL : 0);
  const x = (column: number): number => left + offset(column, cellWidth + GAP, block);
  const y = (row: number): number => top + offset(row, CELL + GAP, block);
  const columns = Math.max(columnLabels.length, ...rows.map((row) => row.length), 0);
  const bottom = y(rows.length) + GAP;
  const parts = [
    ...columnLabels.map((label, i) => text(label, x(i) + cellWidth / 2, top - FONT, INK)),
    ...rowLabels.map((label, i) => text(label, left - LABEL / 2, y(i) + CELL / 2, INK)),
    ...rows.flatMap((row, r) => row.map((cell, c) => drawCell(cell, x(c), y(r), cellWidth))),
    ...notes.map((note, i) => text(note, MARGIN, bottom + LINE * (i + 0.5), INK, "start")),
  ];
  const width = Math.ceil(
    MARGIN + Math.max(x(columns), MARGIN, ...notes.map((note) => MARGIN + textWidth(note))),
  );
  const height = Math.ceil(bottom + notes.length * LINE + MARGIN);
  const size = `width="${String(width)}" height="${String(height)}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${String(width)} ${String(height)}" ` +
    `font-family="ui-monospace, Menlo, monospace" font-size="${String(FONT)}">\n` +
    `<rect ${size} fill="#ffffff"/>\n${parts.join("\n")}\n</svg>\n`
  );
}

const INK: Rgb = [75, 85, 99];

function drawCell(cell: PictureCell, x: number, y: number, width: number): string {
  const { fill, ink } = coloursOf(cell.tone);
  const box = `<rect x="${String(x)}" y="${String(y)}" width="${String(width)}" height="${String(CELL)}" rx="4" fill="${hex(fill)}"/>`;
  return cell.text === "" ? box : box + text(cell.text, x + width / 2, y + CELL / 2, ink);
}

function text(content: string, x: number, y: number, ink: Rgb, anchor = "middle"): string {
  return (
    `<text x="${String(x)}" y="${String(y)}" fill="${hex(ink)}" text-anchor="${anchor}" ` +
    `dominant-baseline="central" xml:space="preserve">${escape(content)}</text>`
  );
}

/** Where the cell of an index begins: each block is followed by a wider gap. */
function offset(index: number, step: number, block: number | undefined): number {
  return index * step + (block === undefined ? 0 : Math.floor(index / block) * BLOCK_GAP);
}

function textWidth(content: string): number {
  return Array.from(content).length * CHARACTER;
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Text for XML: its special characters escaped, what XML cannot hold replaced. */
function escape(content: string): string {
  return content
    .toWellFormed()
    .replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
