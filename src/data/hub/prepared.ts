/** Datasets that Python's `datasets` has prepared: Arrow files by dataset, configuration, version and commit. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { chooseSplit } from "../repository/resolve.ts";

/** What is looked for. */
export interface PreparedQuery {
  /** What it is, for messages. */
  readonly title: string;
  readonly repository: string;
  readonly config: string | undefined;
  readonly split: string | undefined;
  /** The commit; any as a rule, the newest first. */
  readonly sha?: string | undefined;
}

interface Found {
  readonly folder: string;
  readonly config: string;
  readonly splits: readonly string[];
  readonly modified: number;
}

/**
 * The Arrow files of a split; undefined when the dataset has not been prepared.
 *
 * @param root the folder of prepared datasets
 * @throws GEM_INVALID_OPTION for a split that is none of the prepared ones
 */
export async function findPrepared(
  root: string,
  query: PreparedQuery,
): Promise<readonly string[] | undefined> {
  const { repository, sha } = query;
  const parts = repository.split("/");
  const name = snakeCase(parts.pop() ?? "");
  const top = join(root, [...parts, name].join("___"));
  const found: Found[] = [];
  for (const config of await folders(top)) {
    for (const version of await folders(join(top, config))) {
      for (const hash of await folders(join(top, config, version))) {
        if (sha !== undefined && hash !== sha) continue;
        const folder = join(top, config, version, hash);
        const info = await readInfo(folder, config);
        if (info !== undefined) found.push({ folder, config, ...info });
      }
    }
  }
  const chosen = choose(found, query.config);
  if (chosen === undefined) return undefined;
  const split = chooseSplit(query.title, chosen.splits, query.split);
  return shards(await readdir(chosen.folder), `${name}-${split}`).map((file) =>
    join(chosen.folder, file),
  );
}

/** The newest of the configuration; of any when only one has been prepared. */
function choose(found: readonly Found[], config: string | undefined): Found | undefined {
  const names = new Set(found.map((one) => one.config));
  const wanted = config ?? (names.size === 1 ? [...names][0] : "default");
  const own = found.filter((one) => one.config === wanted);
  return own.sort((a, b) => b.modified - a.modified)[0];
}

async function readInfo(
  folder: string,
  config: string,
): Promise<Pick<Found, "splits" | "modified"> | undefined> {
  try {
    const text = await readFile(join(folder, "dataset_info.json"), "utf8");
    const info = JSON.parse(text) as { readonly config_name?: unknown; readonly splits?: object };
    // A folder of another name holds what was made with parameters of somebody's own.
    if (info.config_name !== config || info.splits === undefined) return undefined;
    const { mtimeMs } = await stat(folder);
    return { splits: Object.keys(info.splits), modified: mtimeMs };
  } catch {
    return undefined;
  }
}

/** The files of a split, whole or in numbered parts, in order. */
function shards(files: readonly string[], prefix: string): string[] {
  const isPart = /^-\d{5}-of-\d{5}\.arrow$/;
  return files
    .filter((file) => {
      if (!file.startsWith(prefix)) return false;
      const rest = file.slice(prefix.length);
      return rest === ".arrow" || isPart.test(rest);
    })
    .sort();
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.endsWith(".incomplete"))
    .map((entry) => entry.name)
    .sort();
}

/** `camelcase_to_snakecase` of `datasets`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z\d])(?=[A-Z])/g, "_").toLowerCase();
}
