import type { Tone } from "../picture.ts";

/** Red, green and blue, each 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** How a cell is coloured. */
export interface Colours {
  readonly fill: Rgb;
  readonly ink: Rgb;
}

const DARK: Rgb = [31, 41, 55];
const LIGHT: Rgb = [249, 250, 251];

const TONES: Readonly<Record<Exclude<Tone, object>, Colours>> = {
  empty: { fill: [243, 244, 246], ink: [107, 114, 128] },
  plain: { fill: [255, 255, 255], ink: DARK },
  given: { fill: [229, 231, 235], ink: [17, 24, 39] },
  wall: { fill: [75, 85, 99], ink: LIGHT },
  goal: { fill: [254, 243, 199], ink: [180, 83, 9] },
  piece: { fill: [180, 83, 9], ink: LIGHT },
  player: { fill: [37, 99, 235], ink: LIGHT },
  good: { fill: [22, 163, 74], ink: LIGHT },
  near: { fill: [202, 138, 4], ink: LIGHT },
  bad: { fill: [220, 38, 38], ink: LIGHT },
};

const COLD: Rgb = [253, 246, 227];
const HOT: Rgb = [194, 65, 12];

/** The colours of a tone. */
export function coloursOf(tone: Tone): Colours {
  if (typeof tone === "string") return TONES[tone];
  const heat = Math.min(Math.max(tone.heat, 0), 1);
  const mix = (cold: number, hot: number): number => Math.round(cold + (hot - cold) * heat);
  const fill: Rgb = [mix(COLD[0], HOT[0]), mix(COLD[1], HOT[1]), mix(COLD[2], HOT[2])];
  return { fill, ink: heat < 0.5 ? DARK : LIGHT };
}
