import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { mustRun, runProgram, SetupError } from "./command.mjs";
import { BUBBLEWRAP } from "./paths.mjs";
import { isOnPath } from "./python.mjs";

const PACKAGES = ["bubblewrap", "libseccomp2"];
const FIX =
  'Install them as root with "apt-get install bubblewrap libseccomp2" (or your system\'s packages), then run this again.';

/** `bwrap` and libseccomp, with which the sandbox isolates Python programs. */
export const bubblewrap = {
  label: "bubblewrap",
  doing: "Debian packages bubblewrap and libseccomp2",
  isCurrent() {
    // There are no namespaces elsewhere, and no bubblewrap.
    if (process.platform !== "linux") return true;
    return isOnPath(bwrapPath()) && hasSeccomp();
  },
  async bringUpToDate() {
    if (!isOnPath("apt-get")) {
      throw new SetupError("bubblewrap or libseccomp is not installed.", { fix: FIX });
    }
    if (process.getuid?.() === 0) await installAsRoot();
    else await unpack();
    if (bubblewrap.isCurrent()) return;
    throw new SetupError("bubblewrap or libseccomp is not usable.", { fix: FIX });
  },
};

/** The program's name, or where it was unpacked without root's rights; GEM_BWRAP names it to the sandbox. */
export function bwrapPath() {
  const unpacked = join(BUBBLEWRAP, "usr", "bin", "bwrap");
  return existsSync(unpacked) ? unpacked : "bwrap";
}

function hasSeccomp() {
  const { stdout } = spawnSync("ldconfig", ["-p"], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  // Where there is no list, the sandbox itself says whether it finds the library.
  return stdout === null || stdout === undefined || stdout.includes("libseccomp.so.2");
}

async function installAsRoot() {
  const install = ["install", "--yes", "--no-install-recommends", ...PACKAGES];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  if ((await runProgram("apt-get", install, { env })).code === 0) return;
  // The lists of packages may be missing, as in fresh containers, or old.
  await mustRun("apt-get", ["update"], { fix: FIX });
  await mustRun("apt-get", install, { env, fix: FIX });
}

/** Unpacks bubblewrap, which needs nothing that a Debian lacks; the library is part of every Debian with apt. */
async function unpack() {
  rmSync(BUBBLEWRAP, { recursive: true, force: true });
  mkdirSync(BUBBLEWRAP, { recursive: true });
  // apt-get downloads into its working directory.
  const download = 'cd "$1" && apt-get download bubblewrap';
  await mustRun("sh", ["-c", download, "sh", BUBBLEWRAP], { fix: FIX });
  for (const deb of readdirSync(BUBBLEWRAP)) {
    await mustRun("dpkg", ["-x", join(BUBBLEWRAP, deb), BUBBLEWRAP], { fix: FIX });
  }
}
