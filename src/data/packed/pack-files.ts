import type { DataFile } from "../formats/format.ts";
import { readFiles } from "../formats/read-files.ts";
import { areSame, type Stamp } from "./stamp.ts";
import { TableWriter } from "./table-writer.ts";
import { removeSuperseded } from "./tidy.ts";

/** Where files are packed to; plain data. */
export interface PackJob {
  readonly path: string;
  /** What the sources were when the path was found. */
  readonly stamps: readonly Stamp[];
}

/** What came of packing: the table's shape, or why there is no packed file. */
export type Packed =
  | { readonly rows: number; readonly names: readonly string[] }
  | { readonly failure: string | undefined };

/**
 * Reads files into a packed file, which is there when it is whole, or not at all.
 *
 * @param columns the columns that are packed; undefined for all
 * @returns a failure when the packed file cannot be written, or, without a reason, when the sources are not as they were
 * @throws as `readFiles`
 */
export async function packFiles(
  files: readonly DataFile[],
  columns: readonly string[] | undefined,
  { path, stamps }: PackJob,
): Promise<Packed> {
  const writer = new TableWriter(path);
  try {
    const shape = await readFiles(files, columns, (name, chunk) => writer.add(name, chunk));
    const hasAll = columns?.every((name) => shape.names.includes(name)) ?? true;
    if (hasAll && (await areSame(files, stamps))) {
      writer.finish({ sources: files.map((file) => file.path), ...shape });
      removeSuperseded(path);
      return shape;
    }
    writer.discard();
    // A wrong column is told by whoever asked for it.
    return hasAll ? { failure: undefined } : shape;
  } catch (error) {
    writer.discard();
    if (writer.failure === undefined) throw error;
    return { failure: writer.failure.message };
  }
}
