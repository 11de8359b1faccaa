import { existsSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./command.mjs";
import { HOSTS, pythonOf, ROOT } from "./paths.mjs";
import { contentHash, readJson, writeStamp } from "./stamp.mjs";

const COMMAND = join(ROOT, "dist", "cli", "main.js");
const LIBRARIES = join(ROOT, "dist", "hosts", "libraries.js");
const STAMP = join(HOSTS, "gem-setup.json");

/** `.hosts`: the Python libraries that some environments live in, as `gem hosts install` installs them. */
export const hosts = {
  label: ".hosts",
  doing: "Python libraries of environments, up to two minutes",
  isCurrent() {
    const stamp = readJson(STAMP);
    const isThere = (name) => existsSync(pythonOf(join(HOSTS, name)));
    return stamp?.inputs === contentHash([LIBRARIES]) && stamp.libraries.every(isThere);
  },
  async bringUpToDate() {
    const inputs = contentHash([LIBRARIES]);
    const env = { GEM_HOSTS: HOSTS };
    await mustRun(process.execPath, [COMMAND, "hosts", "install"], { env });
    const list = await mustRun(process.execPath, [COMMAND, "hosts", "list", "--json"], { env });
    writeStamp(STAMP, { inputs, libraries: JSON.parse(list).map(({ name }) => name) });
  },
};
