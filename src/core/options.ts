import type { z } from "zod";
import { GemError, didYouMean, show } from "../errors.ts";

/** Options by name: a zod schema each, with a default and a description that completes "must be …". */
export type OptionShape = Readonly<Record<string, z.ZodType>>;

/** The values that a shape's schemas give. */
export type OptionValues<Shape extends OptionShape> = {
  readonly [K in keyof Shape]: z.output<Shape[K]>;
};

/**
 * Checks given options against a shape and fills in the defaults.
 *
 * @param owner what the options belong to, for messages
 * @param tolerated names that are ignored rather than refused
 * @param alsoKnown further names to mention and suggest
 * @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION
 */
export function parseOptions<Shape extends OptionShape>(
  owner: string,
  shape: Shape,
  given: Readonly<Record<string, unknown>>,
  tolerated: ReadonlySet<string> = new Set(),
  alsoKnown: readonly string[] = [],
): OptionValues<Shape> {
  const names = Object.keys(shape);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(shape, name) || tolerated.has(name)) continue;
    const known = [...names, ...alsoKnown];
    const list = known.length === 0 ? "It takes none." : `Its options are: ${known.join(", ")}.`;
    throw new GemError(
      "GEM_UNKNOWN_OPTION",
      `${owner} has no option "${name}".${didYouMean(name, known)} ${list}`,
    );
  }
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const result = schema.safeParse(given[name]);
    if (!result.success) {
      const wanted = schema.description ?? result.error.issues[0]?.message ?? "valid";
      throw new GemError(
        "GEM_INVALID_OPTION",
        `The option "${name}" of ${owner} must be ${wanted}, got ${show(given[name])}.`,
      );
    }
    values[name] = result.data;
  }
  return values as OptionValues<Shape>;
}
