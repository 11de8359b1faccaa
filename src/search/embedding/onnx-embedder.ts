import { GemError } from "../../errors.ts";
import { isNormalized, markedText, type Embedder, type TextKind } from "./embedder.ts";
import { loadOptional } from "./optional-package.ts";

/** What is used of `@huggingface/transformers`. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(task: "feature-extraction", model: string, options: object): Promise<Extractor>;
}

type Extractor = (
  texts: readonly string[],
  options: { pooling: "mean"; normalize: boolean },
) => Promise<{ readonly data: ArrayLike<number>; readonly dims: readonly number[] }>;

const PACKAGE = "@huggingface/transformers";
const VERSION = "4.3.1";
const BATCH = 16;

/**
 * Computes embeddings in this process with an ONNX model on disk.
 *
 * @param folder holds the model's folder; nothing is downloaded
 * @throws GEM_UNAVAILABLE without the package or the model
 */
export async function openOnnxEmbedder(model: string, folder: string): Promise<Embedder> {
  const loaded = await loadOptional(PACKAGE, VERSION, "A local embedding model");
  const transformers = loaded as Transformers;
  transformers.env.allowRemoteModels = false;
  transformers.env.localModelPath = folder;
  try {
    const extract = await transformers.pipeline("feature-extraction", model, { dtype: "fp32" });
    return new OnnxEmbedder(model, extract);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GemError(
      "GEM_UNAVAILABLE",
      `The embedding model ${model} cannot be loaded from ${folder}: ${why}. Its folder there must hold onnx/model.onnx, config.json and the tokenizer's files.`,
      {},
      error,
    );
  }
}

class OnnxEmbedder implements Embedder {
  readonly model: string;
  readonly batch: number = BATCH;
  readonly #extract: Extractor;

  constructor(model: string, extract: Extractor) {
    this.model = model;
    this.#extract = extract;
  }

  async embed(
    texts: readonly string[],
    kind: TextKind,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    signal.throwIfAborted();
    const marked = texts.map((text) => markedText(this.model, text, kind));
    const options = { pooling: "mean", normalize: isNormalized(this.model) } as const;
    const { data, dims } = await this.#extract(marked, options);
    const length = dims[dims.length - 1] ?? 0;
    const all = Float32Array.from(data);
    return texts.map((_, index) => all.slice(index * length, (index + 1) * length));
  }
}
