import type { OptionShape } from "../../core/options.ts";

/** An observation as numbers, lists and maps, and how the environment draws itself in text, if it does. */
export interface Sight {
  readonly values: unknown;
  readonly picture: string | null;
}

/** One of Gymnasium's environments, with what it takes to play it in words. */
export interface Kind {
  /** Its name in class names, for example `FrozenLake`. */
  readonly name: string;
  /** Gymnasium's ids. */
  readonly ids: readonly string[];
  /** Arguments of its constructor that are passed on. */
  readonly options: OptionShape;
  /** What it is about, and what it gives rewards for. */
  readonly about: string;
  /** The names of each action, by its number; the first is the one that is shown. */
  readonly actions: readonly (readonly string[])[];
  /** What there is to see, in words. */
  readonly describe: (sight: Sight) => string;
}
