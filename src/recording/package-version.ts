import { readFileSync } from "node:fs";

let version: string | undefined;

/** The version of this package; `unknown` where its `package.json` is not beside it. */
export function packageVersion(): string {
  version ??= readVersion();
  return version;
}

function readVersion(): string {
  try {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const { version: found } = JSON.parse(text) as { readonly version?: unknown };
    return typeof found === "string" ? found : "unknown";
  } catch {
    return "unknown";
  }
}
