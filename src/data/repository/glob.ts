/** Patterns of data files, read as fsspec reads them for Python's `datasets`. */

const IGNORED = new Set([
  "README.md",
  "config.json",
  "dataset_info.json",
  "dataset_infos.json",
  "dummy_data.zip",
  "dataset_dict.json",
]);

/** Whether a pattern stands for more than one path. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** The files that a pattern matches, in order; hidden files and what describes the dataset only when the pattern asks for them. */
export function matching(pattern: string, files: readonly string[]): string[] {
  const path = pattern.replace(/^(?:\.\/)+/, "");
  const regex = toRegex(path);
  const own = baseName(path);
  return files.filter(
    (file) =>
      regex.test(file) &&
      (baseName(file) === own || !IGNORED.has(baseName(file))) &&
      count(file.split("/").slice(0, -1), "__") === count(path.split("/").slice(0, -1), "__") &&
      count(file.split("/"), ".") === count(path.split("/"), "."),
  );
}

/** The part of a path behind its last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The extensions of a path, without their dots: two for `a.json.gz`. */
export function extensionsOf(path: string): string[] {
  return baseName(path).split(".").slice(1);
}

function count(parts: readonly string[], prefix: string): number {
  return parts.filter((part) => part.startsWith(prefix) && !/^\.+$/.test(part)).length;
}

function toRegex(pattern: string): RegExp {
  const parts = pattern.split("/");
  const source = parts.map((part, i) => {
    const isLast = i === parts.length - 1;
    if (part === "**") return isLast ? ".*" : "(?:.+/)?";
    return partSource(part) + (isLast ? "" : "/");
  });
  return new RegExp(`^(?:${source.join("")})$`, "su");
}

function partSource(part: string): string {
  let source = "";
  for (let i = 0; i < part.length; i++) {
    const char = part[i] ?? "";
    const end = char === "[" ? part.indexOf("]", i + 2) : -1;
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (end > 0) {
      const inner = part.slice(i + 1, end).replace(/[\\[&~|]/g, "\\$&");
      source += inner.startsWith("!") ? `[^${inner.slice(1)}]` : `[${inner}]`;
      i = end;
    } else source += char.replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&");
  }
  return source;
}
