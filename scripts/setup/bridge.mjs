import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { mustRun } from "./command.mjs";
import { CACHE, ROOT } from "./paths.mjs";
import { isOnPath } from "./python.mjs";
import { contentHash, filesBelow, readJson, writeStamp } from "./stamp.mjs";

const BRIDGE = join(ROOT, "bridge");
const CRATES = join(BRIDGE, "crates");
const TARGET = join(BRIDGE, "target");
const STAMP = join(CACHE, "bridge.json");

const ADDON = join(ROOT, "native", `gem-shm.${process.platform}-${process.arch}.node`);
const EXTENSION = join(ROOT, "python", "gem", "_bridge", "gem_shm.abi3.so");

const LEFT_OUT = "left out, cargo is not on PATH; everything works over sockets";
const FIX =
  "Bring Rust up to date (`rustup update`) and check that cargo reaches its registry, then run this again. " +
  "Or take cargo off PATH: without shared memory everything works over sockets.";

/** The native modules that carry frames through shared memory; they are left out where there is no cargo. */
export const bridge = {
  label: "bridge",
  doing: "cargo build, up to two minutes",
  isCurrent() {
    const facts = {
      inputs: inputs(),
      hasCargo: () => isOnPath("cargo"),
      hasOutputs: () => existsSync(ADDON) && existsSync(EXTENSION),
    };
    return !existsSync(CRATES) || isBridgeCurrent(readJson(STAMP), facts);
  },
  async bringUpToDate() {
    const before = inputs();
    const hasCargo = isOnPath("cargo");
    if (hasCargo) {
      await buildAddon();
      await buildExtension();
    }
    writeStamp(STAMP, { inputs: before, isLeftOut: !hasCargo });
    return hasCargo ? undefined : LEFT_OUT;
  },
};

/** Whether what the stamp tells of the last run still holds. */
export function isBridgeCurrent(stamp, { inputs, hasCargo, hasOutputs }) {
  if (stamp?.inputs !== inputs) return false;
  return stamp.isLeftOut ? !hasCargo() : hasOutputs();
}

function inputs() {
  const isBuilt = (path) => !/^[^/]+\/(?:tests|examples|benches)\//.test(relative(CRATES, path));
  const sources = existsSync(CRATES) ? filesBelow(CRATES).filter(isBuilt) : [];
  return contentHash([join(BRIDGE, "Cargo.toml"), ...sources], process.platform, process.arch);
}

async function buildAddon() {
  const folder = join(CACHE, "bridge");
  const napi = join(ROOT, "node_modules", "@napi-rs", "cli", "dist", "cli.js");
  const manifest = ["--manifest-path", "bridge/crates/gem-node/Cargo.toml"];
  const places = ["--target-dir", TARGET, "--output-dir", folder];
  await mustRun(process.execPath, [napi, "build", "--release", ...manifest, ...places], {
    fix: FIX,
  });
  install(join(folder, "index.node"), ADDON);
}

async function buildExtension() {
  const place = ["--manifest-path", "bridge/Cargo.toml", "--target-dir", TARGET];
  await mustRun("cargo", ["build", "--release", "--package", "gem-python", ...place], {
    // The stable ABI is the same for every Python, so none needs to be there.
    env: { PYO3_NO_PYTHON: "1" },
    fix: FIX,
  });
  const suffix = process.platform === "darwin" ? "dylib" : "so";
  install(join(TARGET, "release", `libgem_python.${suffix}`), EXTENSION);
}

/** Puts a file in the place of another at once: a process that has that one loaded keeps it. */
function install(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, `${to}.new`);
  renameSync(`${to}.new`, to);
}
