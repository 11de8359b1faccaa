/** Bytes of the header before each frame: its length, unsigned, little-endian. */
export const HEADER_BYTES = 4;

/** Cuts a stream of bytes into frames, each a length and then so many bytes. */
export class FrameSplitter {
  readonly #limit: number;
  readonly #onFrame: (frame: Buffer) => void;
  /** What has arrived of the next header and frame. */
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes that are needed before anything can be cut off. */
  #needed = HEADER_BYTES;

  /**
   * @param limit bytes that a frame may have
   * @param onFrame gets each frame; it must not keep it, since it may be a view of a shared buffer
   */
  constructor(limit: number, onFrame: (frame: Buffer) => void) {
    this.#limit = limit;
    this.#onFrame = onFrame;
  }

  /**
   * Takes what has arrived.
   *
   * @returns false when a frame is above the limit: the stream is of no use any more
   */
  push(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return true;
    const [first = chunk] = this.#chunks;
    const data = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    let position = 0;
    this.#needed = HEADER_BYTES;
    while (data.length - position >= HEADER_BYTES) {
      const length = data.readUInt32LE(position);
      if (length > this.#limit) return false;
      const end = position + HEADER_BYTES + length;
      if (end > data.length) {
        this.#needed = HEADER_BYTES + length;
        break;
      }
      this.#onFrame(data.subarray(position + HEADER_BYTES, end));
      position = end;
    }
    this.#bytes = data.length - position;
    this.#chunks = this.#bytes === 0 ? [] : [data.subarray(position)];
    return true;
  }
}
