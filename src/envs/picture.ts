/** Pictures of a game for people: a game says what is to be seen, `render/` draws it. */

/** How a cell looks; each renderer has its colours for them. */
export type Tone =
  | "empty"
  | "plain"
  | "wall"
  | "goal"
  | "piece"
  | "player"
  | "good"
  | "near"
  | "bad"
  | "given"
  /** A value that grows from 0 (pale) to 1 (full), for example of a tile. */
  | { readonly heat: number };

/** One cell of a picture. */
export interface PictureCell {
  /** At most a few characters; empty for none. */
  readonly text: string;
  readonly tone: Tone;
}

/** What is to be seen of a game. */
export interface Picture {
  /** Rows of cells, top first; rows may differ in length. */
  readonly rows: readonly (readonly PictureCell[])[];
  /** Labels left of the rows, for example row numbers. */
  readonly rowLabels?: readonly string[];
  /** Labels above the columns. */
  readonly columnLabels?: readonly string[];
  /** Draws a thick line after each so many rows and columns. */
  readonly block?: number;
  /** Lines of text below the cells. */
  readonly notes?: readonly string[];
}
