import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Stamps and reports of the scripts; safe to delete. */
export const CACHE = join(ROOT, ".cache");

/** The Python environment of the product: the package itself, its tests, its checks and the demo. */
export const VENV = join(ROOT, ".venv");

/** The Python environment of the oracle, upstream's own package; only tests use it. */
export const ORACLE_VENV = join(ROOT, ".venv-oracle");

/** The Python libraries that some environments live in, an environment each. */
export const HOSTS = join(ROOT, ".hosts");

/** Where bubblewrap is unpacked when it cannot be installed. */
export const BUBBLEWRAP = join(CACHE, "bubblewrap");

/** The interpreter of a Python environment. */
export const pythonOf = (venv) => join(venv, "bin", "python");
