import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun, runProgram, SetupError } from "./command.mjs";
import { CACHE } from "./paths.mjs";
import { isOnPath } from "./python.mjs";

const PACKAGES = ["kiwix-tools", "zim-tools"];
const PROGRAMS = ["kiwix-serve", "zimwriterfs"];
const HOME = join(CACHE, "kiwix");
const FIX =
  'Install them as root with "apt-get install kiwix-tools zim-tools", or put kiwix-serve and zimwriterfs on PATH, then run this again.';

/** `kiwix-serve` and `zimwriterfs`, against which the tests of WikiGame's offline pages run; only tests use them. */
export const kiwix = {
  label: "kiwix",
  doing: "Debian packages kiwix-tools and zim-tools",
  isCurrent() {
    return PROGRAMS.every((name) => isOnPath(programPath(name)) || isOnPath(name));
  },
  async bringUpToDate() {
    if (!isOnPath("apt-get")) {
      throw new SetupError(`${PROGRAMS.join(" and ")} are not installed.`, { fix: FIX });
    }
    if (process.getuid?.() === 0) await installAsRoot();
    else await unpackInto(HOME);
    if (kiwix.isCurrent()) return;
    throw new SetupError(`${PROGRAMS.join(" and ")} do not run.`, { fix: FIX });
  },
};

/** Where a program lies that was unpacked without root's rights. */
function programPath(name) {
  return join(HOME, "bin", name);
}

async function installAsRoot() {
  const install = ["install", "--yes", "--no-install-recommends", ...PACKAGES];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  if ((await runProgram("apt-get", install, { env })).code === 0) return;
  // The lists of packages may be missing, as in fresh containers, or old.
  await mustRun("apt-get", ["update"], { fix: FIX });
  await mustRun("apt-get", install, { env, fix: FIX });
}

/** Unpacks the packages, and those they need that are not installed, into a folder, with a script for each program. */
export async function unpackInto(folder) {
  const debs = join(folder, "debs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(debs, { recursive: true });
  const graph = await mustRun("apt-cache", [...DEPENDENCIES, ...PACKAGES], { fix: FIX });
  const missing = packageNames(graph).filter((name) => !isInstalled(name));
  // apt-get downloads into its working directory.
  const download = 'cd "$1" && shift && apt-get download "$@"';
  await mustRun("sh", ["-c", download, "sh", debs, ...missing], { fix: FIX });
  for (const deb of readdirSync(debs)) {
    await mustRun("dpkg", ["-x", join(debs, deb), join(folder, "root")], { fix: FIX });
  }
  rmSync(debs, { recursive: true });
  mkdirSync(join(folder, "bin"));
  for (const name of PROGRAMS) writeStarter(folder, name);
}

const DEPENDENCIES = [
  "depends",
  "--recurse",
  "--no-recommends",
  "--no-suggests",
  "--no-conflicts",
  "--no-breaks",
  "--no-replaces",
  "--no-enhances",
];

/** The packages of `apt-cache depends`: lines without indentation; those in angle brackets are only names for others. */
export function packageNames(graph) {
  const names = graph.split("\n").filter((line) => /^[a-z0-9]/.test(line));
  return [...new Set(names.map((line) => line.trim()))];
}

function isInstalled(name) {
  const { stdout } = spawnSync("dpkg-query", ["-W", "-f=${db:Status-Status}", name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return stdout?.startsWith("installed") === true;
}

function writeStarter(folder, name) {
  const root = join(folder, "root", "usr");
  const path = join(folder, "bin", name);
  const libraries = `LD_LIBRARY_PATH="$(echo "${root}"/lib/*-linux-gnu*):${root}/lib"`;
  writeFileSync(path, `#!/bin/sh\n${libraries} exec "${root}/bin/${name}" "$@"\n`);
  chmodSync(path, 0o755);
}
