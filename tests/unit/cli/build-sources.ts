import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Compiles `src` file by file, as it is now, into a folder within the project (where its packages are found); gives the folder.
 * The Python code that hosts run is linked there. Worker threads need JavaScript: a loader of TypeScript does not reach into them on Node 20.
 *
 * @param folder a new one by default; the native addon is looked for in `native` beside it
 */
export function buildSources(folder: string = newFolder()): string {
  for (const name of readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const target = join(folder, name.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compile(readFileSync(join(ROOT, "src", name), "utf8")));
  }
  const python = join(folder, "python");
  if (!existsSync(python)) symlinkSync(join(ROOT, "python"), python);
  return folder;
}

/** A new folder within the project. */
export function newFolder(): string {
  const cache = join(ROOT, ".cache");
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, "test-build-"));
}

function compile(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return outputText;
}
