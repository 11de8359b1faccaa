import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { mustRun } from "./command.mjs";
import { CACHE, ROOT } from "./paths.mjs";
import { contentHash, filesBelow, readJson, writeStamp } from "./stamp.mjs";

const SOURCES = join(ROOT, "src");
const PACKAGE = join(ROOT, "python", "gem");
const DIST = join(ROOT, "dist");
const DIST_PACKAGE = join(DIST, "python", "gem");
const STAMP = join(CACHE, "dist.json");

/** `dist`, compiled from `src`, with the Python code that hosts run. */
export const dist = {
  label: "dist",
  doing: "tsc",
  isCurrent() {
    return isCompiled() && isCopied();
  },
  async bringUpToDate() {
    const stamp = { inputs: inputs(), python: pythonInputs() };
    if (!isCompiled()) await compile();
    if (!isCopied()) copyPython();
    removeOrphans();
    writeStamp(STAMP, stamp);
  },
};

function isCompiled() {
  return existsSync(join(DIST, "index.js")) && readJson(STAMP)?.inputs === inputs();
}

function isCopied() {
  return existsSync(DIST_PACKAGE) && readJson(STAMP)?.python === pythonInputs();
}

async function compile() {
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  await mustRun(process.execPath, [tsc, "-p", "tsconfig.build.json", "--noEmitOnError"], {
    fix: "Fix these errors in src/ (the previous dist/ is untouched), then run this again.",
  });
  const command = join(DIST, "cli", "main.js");
  if (existsSync(command)) chmodSync(command, 0o755);
  // Python code that TypeScript code runs lies beside it.
  for (const path of filesBelow(SOURCES).filter((path) => path.endsWith(".py"))) {
    const copy = join(DIST, relative(SOURCES, path));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
}

function copyPython() {
  for (const path of pythonFiles()) {
    const copy = join(DIST_PACKAGE, relative(PACKAGE, path));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(path, copy);
  }
}

function inputs() {
  const compiler = readJson(join(ROOT, "node_modules", "typescript", "package.json"))?.version;
  return contentHash(
    [join(ROOT, "tsconfig.json"), join(ROOT, "tsconfig.build.json"), SOURCES],
    compiler,
  );
}

function pythonInputs() {
  return contentHash(pythonFiles());
}

/** The package's own modules; a class that runs in a host may import any of them. */
function pythonFiles() {
  const isBundled = (path) => path.startsWith(join(PACKAGE, "_server") + sep);
  return filesBelow(PACKAGE).filter((path) => path.endsWith(".py") && !isBundled(path));
}

/** Removes files whose source is gone. */
function removeOrphans() {
  const copies = filesBelow(DIST_PACKAGE);
  for (const path of copies) {
    if (!existsSync(join(PACKAGE, relative(DIST_PACKAGE, path)))) rmSync(path);
  }
  for (const path of filesBelow(DIST)) {
    if (path.startsWith(DIST_PACKAGE + sep)) continue;
    const stem = relative(DIST, path).replace(/(\.d\.ts|\.js|\.js\.map)$/, "");
    const origin = path.endsWith(".py") ? relative(DIST, path) : `${stem}.ts`;
    if (!existsSync(join(SOURCES, origin))) rmSync(path);
  }
}
