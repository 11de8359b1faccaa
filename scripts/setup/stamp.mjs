import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./paths.mjs";

/** Every file below `folder`, as absolute paths in a fixed order. */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/** A hash of names and contents of files and folders (so a checkout that only touches times changes nothing). */
export function contentHash(paths, ...facts) {
  const hash = createHash("sha256").update(JSON.stringify(facts));
  for (const path of paths) {
    const files = !existsSync(path) ? [] : statSync(path).isDirectory() ? filesBelow(path) : [path];
    for (const file of files) {
      const content = readFileSync(file);
      hash.update(`\0${relative(ROOT, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

/** Records the facts under which a step was completed. */
export function writeStamp(path, facts) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(facts, undefined, 2)}\n`);
}

/** A JSON file's value; undefined when it is missing or damaged. */
export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
