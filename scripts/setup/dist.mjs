import { chmodSync, existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { mustRun } from "./command.mjs";
import { CACHE, ROOT } from "./paths.mjs";
import { contentHash, filesBelow, readJson, writeStamp } from "./stamp.mjs";

const SOURCES = join(ROOT, "src");
const DIST = join(ROOT, "dist");
const STAMP = join(CACHE, "dist.json");

/** `dist`, compiled from `src`. */
export const dist = {
  label: "dist",
  doing: "tsc",
  isCurrent() {
    return existsSync(join(DIST, "index.js")) && readJson(STAMP)?.inputs === inputs();
  },
  async bringUpToDate() {
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const before = inputs();
    await mustRun(process.execPath, [tsc, "-p", "tsconfig.build.json", "--noEmitOnError"], {
      fix: "Fix these errors in src/ (the previous dist/ is untouched), then run this again.",
    });
    removeOrphans();
    const command = join(DIST, "cli", "main.js");
    if (existsSync(command)) chmodSync(command, 0o755);
    writeStamp(STAMP, { inputs: before });
  },
};

function inputs() {
  const compiler = readJson(join(ROOT, "node_modules", "typescript", "package.json"))?.version;
  return contentHash(
    [join(ROOT, "tsconfig.json"), join(ROOT, "tsconfig.build.json"), SOURCES],
    compiler,
  );
}

/** Removes compiled files whose source is gone. */
function removeOrphans() {
  for (const path of filesBelow(DIST)) {
    const stem = relative(DIST, path).replace(/(\.d\.ts|\.js|\.js\.map)$/, "");
    if (!existsSync(join(SOURCES, `${stem}.ts`))) rmSync(path);
  }
}
