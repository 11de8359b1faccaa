import { GemError } from "../../errors.ts";

/** What a text is: models mark the two differently. */
export type TextKind = "query" | "passage";

/** Makes vectors of texts. */
export interface Embedder {
  /** The model, as an index remembers it. */
  readonly model: string;
  /** Texts that are embedded in one request. */
  readonly batch: number;
  /**
   * A vector for each text, all of one length.
   *
   * @throws GEM_UNAVAILABLE, or the signal's reason
   */
  embed(
    texts: readonly string[],
    kind: TextKind,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]>;
}

const BGE_QUERY = "Represent this sentence for searching relevant passages: ";

/** A text with the words that its model wants before it: E5's `query: ` and `passage: `, BGE's sentence before queries. */
export function markedText(model: string, text: string, kind: TextKind): string {
  const name = model.toLowerCase();
  if (name.includes("e5")) return `${kind}: ${text}`;
  if (name.includes("bge") && kind === "query") return `${BGE_QUERY}${text}`;
  return text;
}

/** Whether a model's vectors are compared by their direction alone; DPR's length means something. */
export function isNormalized(model: string): boolean {
  return !model.toLowerCase().includes("dpr");
}

/** Divides a vector by its length, in place. */
export function normalize(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (const [index, value] of vector.entries()) vector[index] = value / length;
  return vector;
}

/** The vector in an answer. @throws GEM_UNAVAILABLE */
export function vectorOf(value: unknown, model: string): Float32Array {
  const isVector =
    Array.isArray(value) && value.length > 0 && value.every((item) => Number.isFinite(item));
  if (!isVector) {
    const message = `The embedding model ${model} gave something that is no vector of numbers.`;
    throw new GemError("GEM_UNAVAILABLE", message);
  }
  return Float32Array.from(value as number[]);
}
