/** Where NLTK keeps its corpora. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { GemError } from "../../errors.ts";

/** Folders below an interpreter's prefix. */
const BELOW_PREFIX = ["nltk_data", "share/nltk_data", "lib/nltk_data"] as const;

const SYSTEM_FOLDERS = [
  "/usr/share/nltk_data",
  "/usr/local/share/nltk_data",
  "/usr/lib/nltk_data",
  "/usr/local/lib/nltk_data",
] as const;

/** The folders that NLTK searches, in its order: those of `NLTK_DATA`, the user's, the active Python's, the system's. */
export function nltkFolders(): readonly string[] {
  const named = (process.env["NLTK_DATA"] ?? "").split(delimiter).filter((path) => path !== "");
  // Only an interpreter knows its prefix; these two say so where one is activated.
  const prefixes = [process.env["VIRTUAL_ENV"], process.env["CONDA_PREFIX"]].flatMap((prefix) =>
    prefix === undefined || prefix === "" ? [] : [prefix],
  );
  return [
    ...named,
    join(homedir(), "nltk_data"),
    ...prefixes.flatMap((prefix) => BELOW_PREFIX.map((folder) => join(prefix, folder))),
    ...SYSTEM_FOLDERS,
  ];
}

/**
 * The path of a file of NLTK's corpus `words`.
 *
 * @param owner the environment that asks, for messages
 * @throws GEM_INVALID_OPTION when no folder has it
 */
export function nltkWordsFile(
  owner: string,
  name: "en" | "en-basic",
  folders: readonly string[] = nltkFolders(),
): string {
  const found = folders
    .map((folder) => join(folder, "corpora", "words", name))
    .find((path) => existsSync(path));
  if (found !== undefined) return found;
  const zip = folders
    .map((folder) => join(folder, "corpora", "words.zip"))
    .find((path) => existsSync(path));
  const advice =
    zip === undefined
      ? "Get it with `pip install nltk` and `python -m nltk.downloader words`, or name its folder in NLTK_DATA."
      : `Unzip ${zip} where it lies.`;
  throw new GemError(
    "GEM_INVALID_OPTION",
    `The option "dictionary" of ${owner} is "nltk", but NLTK's corpus "words" is not installed. ${advice} ` +
      `Searched for corpora/words/${name} in: ${folders.join(", ")}.`,
  );
}
