import type { DatasetRequest } from "../data/dataset.ts";
import { findSource, loadDataset } from "../data/load-dataset.ts";
import { packedSettings } from "../data/packed/place.ts";
import { listPacked, removePacked } from "../data/packed/tidy.ts";
import { GemError, show } from "../errors.ts";
import { createRegistry } from "../make.ts";
import { readInteger } from "./environment.ts";
import { Progress } from "./progress.ts";

/** The options of `gem data`, as written. */
export interface DataArguments {
  readonly head: string;
  readonly config?: string;
  readonly split?: string;
  readonly revision?: string;
  readonly columns?: string;
}

/** `gem data`: says what a dataset has, on standard error, and writes its first rows as lines of JSON. */
export async function runData(id: string, given: DataArguments): Promise<void> {
  const head = readInteger("--head", given.head, 0, 1_000_000);
  const [request] = requestsFor(id, given);
  if (request === undefined) return;
  const columns = given.columns?.split(",").map((name) => name.trim());
  const dataset = await loadDataset({ ...request, columns });
  process.stderr.write(`${dataset.length} rows: ${dataset.columns.join(", ")}\n`);
  for (let i = 0; i < Math.min(head, dataset.length); i++) {
    process.stdout.write(`${JSON.stringify(dataset.at(i), writable)}\n`);
  }
}

/** `gem data prefetch`: brings what these environments or datasets read onto this machine. */
export async function runPrefetch(
  ids: readonly string[],
  given: Omit<DataArguments, "head" | "columns">,
): Promise<void> {
  const progress = new Progress(process.stderr);
  const requests = ids.flatMap((id) => requestsFor(id, given));
  for (const request of requests) {
    const { name, split } = request;
    const title = split === undefined ? name : `${name} (${split})`;
    progress.say(`Fetching ${title}`);
    try {
      const { files } = await findSource(request, {
        onProgress: ({ done, total }) => progress.say(`Fetching ${title}`, barOf(done, total)),
      });
      progress.end(
        `${title}: ${files.length} ${files.length === 1 ? "file is" : "files are"} here.`,
      );
    } catch (error) {
      progress.end(`${title}: stopped.`);
      throw error;
    }
  }
}

/** `gem data packed`: what the packed copies of datasets take, or that they are removed. */
export function runPacked({ remove = false }: { readonly remove?: boolean }): void {
  const { folder } = packedSettings();
  if (folder === undefined) {
    process.stdout.write("Nothing is packed: GEM_DATA_CACHE is off.\n");
    return;
  }
  if (remove) {
    process.stdout.write(`${megabytes(removePacked(folder))} MB were removed from ${folder}.\n`);
    return;
  }
  const entries = listPacked(folder);
  for (const { size, description } of entries) {
    const what =
      description === undefined
        ? "not whole"
        : `${description.rows} rows of ${description.sources.join(", ")}`;
    process.stdout.write(`${megabytes(size).padStart(10)} MB  ${what}\n`);
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  process.stdout.write(`${megabytes(total).padStart(10)} MB  in ${folder}\n`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** What an environment's id, a pattern of ids, or a dataset's name stands for. @throws GEM_UNKNOWN_ENV, GEM_INVALID_OPTION */
function requestsFor(
  id: string,
  { config, split, revision }: Omit<DataArguments, "head" | "columns">,
): DatasetRequest[] {
  if (!/^[a-z]+:/.test(id)) return [{ name: id, config, split, revision }];
  const pattern = new RegExp(`^${id.split("*").map(literal).join(".*")}$`);
  const specs = createRegistry()
    .list()
    .filter((spec) => pattern.test(spec.id));
  if (specs.length === 0) {
    throw new GemError("GEM_UNKNOWN_ENV", `There is no environment ${show(id)}; see \`gem list\`.`);
  }
  const requests = specs.flatMap(({ options }) => {
    const { dataset_name: name, split: own } = options;
    if (typeof name !== "string" || name === "") return [];
    return [
      { name, config, split: split ?? (typeof own === "string" ? own : undefined), revision },
    ];
  });
  if (requests.length === 0) {
    throw new GemError("GEM_INVALID_OPTION", `${show(id)} reads no dataset; give one that does.`);
  }
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}

function literal(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&");
}

const BAR_CELLS = 24;

function barOf(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const cells = Math.floor(share * BAR_CELLS);
  const bar = `${"█".repeat(cells)}${"░".repeat(BAR_CELLS - cells)}`;
  return `${bar} ${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
}

/** What JSON has no form for, as text. */
function writable(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? `<${value.byteLength} bytes>` : value;
}
