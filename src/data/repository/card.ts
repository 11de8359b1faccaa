/** What a dataset's README says about its files, in the YAML that it begins with. */
import { GemError, show } from "../../errors.ts";
import type { Patterns } from "./splits.ts";

/** A configuration: some files of a dataset under a name. */
export interface Configuration {
  readonly name: string;
  readonly isDefault: boolean;
  /** Where its files lie when it does not name them. */
  readonly folder: string;
  /** Undefined when it does not name them. */
  readonly patterns: Patterns | undefined;
}

/** The configurations, and the one that is meant when nobody names one. */
export interface Card {
  readonly configurations: readonly Configuration[];
  readonly defaultName: string | undefined;
}

type Entry = Readonly<Record<string, unknown>>;

/** Parameters of readers that change what is read; none of them is known here. */
const READER_PARAMETERS = [
  "sep delimiter header names column_names skiprows skipfooter nrows usecols na_values keep_default_na quotechar quoting",
  "escapechar comment encoding thousands decimal field columns filters keep_linebreaks sample_by",
]
  .join(" ")
  .split(" ");

/**
 * Reads a README and a `.huggingface.yaml`, which counts where both say something.
 *
 * @param title what they belong to, for messages
 * @throws GEM_UNSUPPORTED when they cannot be followed
 */
export async function readCard(
  title: string,
  readme: string | undefined,
  yaml: string | undefined,
): Promise<Card> {
  const entries = {
    ...(await parseYaml(title, "README.md", frontMatter(readme))),
    ...(await parseYaml(title, ".huggingface.yaml", yaml)),
  };
  const { configs } = entries as { readonly configs?: unknown };
  if (configs === undefined || configs === null)
    return { configurations: [], defaultName: undefined };
  if (!Array.isArray(configs)) throw badCard(title, "configs is no list");
  const configurations = configs.map((config) => readConfiguration(title, config));
  const defaults = configurations.filter(
    ({ name, isDefault }) => configurations.length === 1 || name === "default" || isDefault,
  );
  if (defaults.length > 1) throw badCard(title, "several configurations are the default");
  const defaultName = defaults[0]?.name ?? onlyInfo(entries);
  return { configurations, defaultName };
}

/** What lies between the first line, three dashes, and the next such line. */
function frontMatter(readme = ""): string | undefined {
  const lines = readme.trimStart().split(/\r?\n/);
  const end = lines.indexOf("---", 1);
  return lines[0] === "---" && end > 0 ? lines.slice(1, end).join("\n") : undefined;
}

async function parseYaml(title: string, file: string, text: string | undefined): Promise<Entry> {
  if (text === undefined) return {};
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    // PyYAML reads YAML 1.1.
    value = parse(text, { version: "1.1", logLevel: "silent" });
  } catch (error) {
    throw badCard(title, `the YAML of ${file} cannot be read (${String(error)})`);
  }
  return isEntry(value) ? value : {};
}

/** The name of the one configuration that the README describes the columns of. */
function onlyInfo({ dataset_info: infos }: Entry): string | undefined {
  const [info, ...others] = Array.isArray(infos) ? (infos as unknown[]) : [infos];
  if (others.length > 0 || !isEntry(info)) return undefined;
  return typeof info["config_name"] === "string" ? info["config_name"] : "default";
}

function readConfiguration(title: string, config: unknown): Configuration {
  const given = isEntry(config) ? config["config_name"] : undefined;
  if (!isEntry(config) || (typeof given !== "string" && typeof given !== "number")) {
    throw badCard(title, "a configuration has no config_name");
  }
  const name = String(given);
  const parameter = READER_PARAMETERS.find((key) => key in config);
  if (parameter !== undefined) {
    throw badCard(title, `configuration ${show(name)} is read with a parameter ${parameter}`);
  }
  const folder = typeof config["data_dir"] === "string" ? config["data_dir"] : "";
  const files = config["data_files"];
  return {
    name,
    isDefault: config["default"] === true,
    folder: folder
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/"),
    patterns: files === undefined || files === null ? undefined : readPatterns(title, files),
  };
}

function readPatterns(title: string, files: unknown): Patterns {
  if (typeof files === "string") return new Map([["train", [files]]]);
  if (!Array.isArray(files)) throw badCard(title, "data_files is neither a path nor a list");
  const entries = files as readonly unknown[];
  if (entries.every((entry) => typeof entry === "string")) return new Map([["train", entries]]);
  const patterns = new Map<string, readonly string[]>();
  for (const entry of entries) {
    if (!isEntry(entry)) throw badCard(title, "data_files mixes paths and splits");
    const { split, path } = entry as { readonly split?: unknown; readonly path?: unknown };
    const paths = Array.isArray(path) ? (path as unknown[]) : [path];
    if (typeof split !== "string" || !paths.every((item) => typeof item === "string")) {
      throw badCard(title, "an entry of data_files has no split, or no path");
    }
    if (patterns.has(split)) throw badCard(title, `data_files has split ${show(split)} twice`);
    patterns.set(split, paths);
  }
  return patterns;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function badCard(title: string, why: string): GemError {
  const fix = "Download its files and give the path of one of them instead.";
  return new GemError(
    "GEM_UNSUPPORTED",
    `The description of ${title} cannot be followed: ${why}. ${fix}`,
  );
}
