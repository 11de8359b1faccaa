import { position, zimError, type RandomAccessFile } from "./file.ts";

/** The start of a ZIM file: where everything is. */
export interface ZimHeader {
  readonly entryCount: number;
  readonly clusterCount: number;
  /** Where the 8-byte positions of entries begin, in the order of their paths. */
  readonly pathPointers: number;
  /** Where the 4-byte numbers of entries begin, in the order of their titles; undefined when the file has no such list. */
  readonly titlePointers: number | undefined;
  readonly clusterPointers: number;
  readonly mimeTypes: readonly string[];
  /** The namespace of articles: `C` since 2021, `A` before. */
  readonly articles: string;
}

const HEADER_BYTES = 80;
const MAGIC = 72_173_914;
const MAX_MIME_BYTES = 65_536;

/** Reads and checks the header and the list of media types. @throws GEM_UNAVAILABLE when the file is no ZIM file or damaged */
export async function readHeader(file: RandomAccessFile): Promise<ZimHeader> {
  const bytes = await file.readUpTo(0, HEADER_BYTES);
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) {
    throw zimError(file.path, "is no ZIM file");
  }
  const major = bytes.readUInt16LE(4);
  const minor = bytes.readUInt16LE(6);
  if (major !== 5 && major !== 6) {
    throw zimError(file.path, `has format version ${major}; versions 5 and 6 can be read`);
  }
  const entryCount = bytes.readUInt32LE(24);
  const clusterCount = bytes.readUInt32LE(28);
  const pathPointers = position(bytes, 32);
  const titlePointers = position(bytes, 40);
  const clusterPointers = position(bytes, 48);
  const fits = (start: number, length: number): boolean => start + length <= file.size;
  if (
    !fits(pathPointers, entryCount * 8) ||
    !fits(clusterPointers, clusterCount * 8) ||
    !fits(position(bytes, 56), 1)
  ) {
    throw zimError(file.path, "is damaged or not whole: its lists lie beyond its end");
  }
  return {
    entryCount,
    clusterCount,
    pathPointers,
    titlePointers: fits(titlePointers, entryCount * 4) ? titlePointers : undefined,
    clusterPointers,
    mimeTypes: await readMimeTypes(file, position(bytes, 56)),
    articles: major === 6 && minor >= 1 ? "C" : "A",
  };
}

/** Texts up to an empty one, each ended by a zero. */
async function readMimeTypes(file: RandomAccessFile, start: number): Promise<string[]> {
  const bytes = await file.readUpTo(start, MAX_MIME_BYTES);
  const types: string[] = [];
  for (let from = 0; ;) {
    const end = bytes.indexOf(0, from);
    if (end < 0) throw zimError(file.path, "is damaged: its list of media types has no end");
    if (end === from) return types;
    types.push(bytes.toString("utf8", from, end));
    from = end + 1;
  }
}
