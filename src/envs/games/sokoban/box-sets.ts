/** Boxes on a room's cells. */
export interface Boxes {
  /** The box on each cell, negative where there is none. */
  readonly at: Int32Array;
  /** The cell of each box. */
  readonly cell: Int32Array;
  /** 1 for each box that was ever pulled, else 0. */
  readonly pulled: Uint8Array;
}

/** A power of two. */
const INITIAL_CAPACITY = 512;

/**
 * Numbers the arrangements of boxes that a search comes across, and remembers for each where the player has stood.
 *
 * An arrangement is a set of (cell, whether the box there was ever pulled); which box is which does not matter. It is found
 * by a 32-bit hash that the caller keeps up to date, and compared in full.
 */
export class BoxSets {
  readonly #boxes: number;
  /** Words of 32 cells each, for one arrangement. */
  readonly #wordsPerSet: number;
  readonly #codes: Int32Array;
  #count = 0;
  #capacity = INITIAL_CAPACITY;
  /** Open addressing: number of the arrangement + 1, or 0; twice the capacity in length. */
  #table = new Int32Array(2 * INITIAL_CAPACITY);
  #hashes = new Int32Array(INITIAL_CAPACITY);
  /** `boxes` members for each arrangement: 2 · cell + (1 if pulled). */
  #members: Int32Array<ArrayBuffer>;
  #visited: Int32Array<ArrayBuffer>;

  /** For arrangements of `boxes` boxes on `cells` cells. */
  constructor(boxes: number, cells: number) {
    this.#boxes = boxes;
    this.#wordsPerSet = (cells + 31) >>> 5;
    this.#members = new Int32Array(INITIAL_CAPACITY * boxes);
    this.#visited = new Int32Array(INITIAL_CAPACITY * this.#wordsPerSet);
    this.#codes = Int32Array.from({ length: 2 * cells }, (_, member) => scramble(member + 1));
  }

  /** Forgets everything. */
  clear(): void {
    this.#table.fill(0);
    this.#visited.fill(0, 0, this.#count * this.#wordsPerSet);
    this.#count = 0;
  }

  /** What a box on a cell adds to an arrangement's hash, by exclusive or. */
  code(cell: number, pulled: number): number {
    return this.#codes[2 * cell + pulled] ?? 0;
  }

  /** The number of the arrangement with this hash, a new one when it was not seen before. */
  number(boxes: Boxes, hash: number): number {
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = (this.#table[slot] ?? 0) - 1;
      if (found < 0) break;
      if (this.#hashes[found] === hash && this.#isArrangement(found, boxes)) return found;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, boxes, hash);
  }

  /** Remembers that the player stands on `cell`; false when that was so before. */
  visit(set: number, cell: number): boolean {
    const word = set * this.#wordsPerSet + (cell >>> 5);
    const bit = 1 << (cell & 31);
    const visited = this.#visited[word] ?? 0;
    if ((visited & bit) !== 0) return false;
    this.#visited[word] = visited | bit;
    return true;
  }

  #isArrangement(set: number, { at, pulled }: Boxes): boolean {
    const start = set * this.#boxes;
    for (let i = start; i < start + this.#boxes; i++) {
      const member = this.#members[i] ?? 0;
      const box = at[member >>> 1] ?? -1;
      if (box < 0 || pulled[box] !== (member & 1)) return false;
    }
    return true;
  }

  #add(slot: number, { cell, pulled }: Boxes, hash: number): number {
    const set = this.#count++;
    this.#table[slot] = set + 1;
    this.#hashes[set] = hash;
    const start = set * this.#boxes;
    for (let box = 0; box < this.#boxes; box++) {
      this.#members[start + box] = 2 * (cell[box] ?? 0) + (pulled[box] ?? 0);
    }
    if (this.#count === this.#capacity) this.#grow();
    return set;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#hashes = doubled(this.#hashes);
    this.#members = doubled(this.#members);
    this.#visited = doubled(this.#visited);
    this.#table = new Int32Array(2 * this.#capacity);
    const mask = this.#table.length - 1;
    for (let set = 0; set < this.#count; set++) {
      let slot = (this.#hashes[set] ?? 0) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = set + 1;
    }
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * values.length);
  copy.set(values);
  return copy;
}

/** Spreads the bits of a small integer over 32 bits. Source: MurmurHash3's finalizer. */
function scramble(value: number): number {
  let bits = Math.imul(value, 0x9e37_79b1);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return bits ^ (bits >>> 16);
}
