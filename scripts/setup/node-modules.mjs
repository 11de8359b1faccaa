import { join } from "node:path";
import { mustRun } from "./command.mjs";
import { ROOT } from "./paths.mjs";
import { readJson } from "./stamp.mjs";

/** `node_modules` as the lock file says. */
export const nodeModules = {
  label: "node_modules",
  doing: "npm install",
  isCurrent() {
    const lock = readJson(join(ROOT, "package-lock.json"));
    const installed = readJson(join(ROOT, "node_modules", ".package-lock.json"));
    return (
      lock !== undefined &&
      installed !== undefined &&
      lockFollowsManifest(lock) &&
      isInstalled(lock, installed)
    );
  },
  // `npm install`, not `npm ci`: a lock file made against a mirror lacks some platforms' optional packages, and
  // `npm ci` refuses such a file. `--no-save` keeps the committed file as it is.
  async bringUpToDate() {
    const lock = readJson(join(ROOT, "package-lock.json"));
    const save = lock !== undefined && lockFollowsManifest(lock) ? ["--no-save"] : [];
    await mustRun("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...save], {
      fix: "Check that npm reaches its registry (`npm ping`), then run this again.",
    });
  },
};

/** Whether the lock file was made from this package.json. */
function lockFollowsManifest(lock) {
  const manifest = readJson(join(ROOT, "package.json"));
  const root = lock.packages?.[""] ?? {};
  return ["dependencies", "devDependencies"].every(
    (kind) => sortedEntries(manifest?.[kind]) === sortedEntries(root[kind]),
  );
}

function sortedEntries(record = {}) {
  return JSON.stringify(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether npm's record of what it installed has every package of the lock file that this platform needs. */
export function isInstalled(lock, installed, { platform, arch } = process) {
  return Object.entries(lock.packages).every(([path, entry]) => {
    const needed = entry.optional === true ? isNativeOf(entry, platform, arch) : path !== "";
    return !needed || installed.packages?.[path]?.version === entry.version;
  });
}

/** Whether an optional package is the native part for a platform. Those that also name a C library are not judged. */
function isNativeOf(entry, platform, arch) {
  return (
    entry.os?.includes(platform) === true &&
    entry.cpu?.includes(arch) === true &&
    entry.libc === undefined
  );
}
