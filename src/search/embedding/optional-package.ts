import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { GemError } from "../../errors.ts";

/**
 * Loads a package that not everybody has.
 *
 * @param name not written as a literal where it is imported: compilers would want its types
 * @throws GEM_UNAVAILABLE with the command that installs it
 */
export async function loadOptional(name: string, version: string, use: string): Promise<unknown> {
  try {
    return (await import(locate(name))) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new GemError(
      "GEM_UNAVAILABLE",
      `${use} needs the package ${name}, which cannot be loaded (${why ?? ""}). Install it with \`npm install --ignore-scripts ${name}@${version}\`.`,
      { package: name },
      error,
    );
  }
}

/** A package beside this one, or else in the folder where the program was started. */
function locate(name: string): string {
  try {
    createRequire(import.meta.url).resolve(name);
    return name;
  } catch {
    const require = createRequire(join(process.cwd(), "package.json"));
    return pathToFileURL(require.resolve(name)).href;
  }
}
