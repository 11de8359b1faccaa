import type { RenderFormat } from "../../core/env.ts";
import { GemError, show } from "../../errors.ts";
import type { Picture } from "../picture.ts";
import { renderAnsi } from "./ansi.ts";
import { renderSvg } from "./svg.ts";

const RENDERERS: Readonly<Record<RenderFormat, (picture: Picture) => string>> = {
  ansi: renderAnsi,
  svg: renderSvg,
};

/** Draws a picture. @throws GEM_INVALID_ARGUMENT when the format is unknown */
export function renderPicture(picture: Picture, format: unknown): string {
  if (format === "ansi" || format === "svg") return RENDERERS[format](picture);
  throw new GemError(
    "GEM_INVALID_ARGUMENT",
    `The format of render() must be one of ${Object.keys(RENDERERS).join(", ")}, got ${show(format)}.`,
  );
}
