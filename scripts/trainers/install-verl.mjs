// Installs Verl 0.5.0 without a GPU, for tests/trainers: `.trainers/verl`; beside it upstream's package, and a newer Verl
// whose agent loops run in the same environment.
//
//   node scripts/trainers/install-verl.mjs [--torch FOLDER]
//
// FOLDER is the site-packages of another Python 3.10 that has PyTorch 2.6.0; its files are linked instead of downloaded.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { main, mustRun, SetupError } from "../setup/command.mjs";
import { pythonOf, ROOT } from "../setup/paths.mjs";
import { choosePython, pythonsOnPath } from "../setup/python.mjs";

const VENV = join(ROOT, ".trainers", "verl");
const UPSTREAM = join(ROOT, ".trainers", "verl-gem-llm");
/** The Verl that examples/verl is written for; what it needs beyond 0.5.0 only its trainers use. */
const LATEST = { folder: join(ROOT, ".trainers", "verl-latest"), package: "verl==0.9.1" };
const SITE = join(VENV, "lib", "python3.10", "site-packages");
const listed = (name) => join(ROOT, "scripts", "trainers", name);
const fix = "Check that pip reaches its package index, then run this again.";

const TORCH = "2.6.0";
/** PyTorch's parts in site-packages; the two of NVIDIA are what even its CPU half loads. */
const TORCH_PARTS = ["torch", "torchgen", "functorch", `torch-${TORCH}.dist-info`, "nvidia"];
const NVIDIA = ["nvidia-cuda-runtime-cu12==12.4.127", "nvidia-cuda-cupti-cu12==12.4.127"];

await main(async () => {
  const { values } = parseArgs({ options: { torch: { type: "string" } } });
  if (!existsSync(pythonOf(VENV))) await makeEnvironment();
  if (!existsSync(join(SITE, "torch"))) await bringTorch(values.torch);
  await pip("Verl's dependencies", ["--requirement", listed("verl-requirements.txt")]);
  await pip("Verl", ["--no-deps", "--requirement", listed("verl-no-deps.txt")]);
  if (!existsSync(join(UPSTREAM, "gem"))) {
    const requirements = ["--requirement", listed("gem-llm-requirements.txt")];
    await pip("gem-llm", ["--no-deps", "--target", UPSTREAM, ...requirements]);
  }
  if (!existsSync(join(LATEST.folder, "verl"))) {
    await pip(LATEST.package, ["--no-deps", "--target", LATEST.folder, LATEST.package]);
  }
  say("try PyTorch and Verl");
  const program =
    "import torch, verl.trainer.ppo.ray_trainer; print(torch.ones(3) @ torch.ones(3))";
  await mustRun(pythonOf(VENV), ["-c", program], {
    fix: "Remove .trainers/verl and run this again.",
  });
});

async function makeEnvironment() {
  const python = choosePython(pythonsOnPath(), { oldest: [3, 10], below: [3, 11] });
  say("make .trainers/verl");
  await mustRun(python.path, ["-m", "venv", VENV], {
    fix: "Remove .trainers/verl and run this again.",
  });
}

async function bringTorch(folder) {
  if (folder === undefined) {
    await pip(`PyTorch ${TORCH} (1.6 GB)`, ["--no-deps", `torch==${TORCH}`, ...NVIDIA]);
    say("put stubs in the place of PyTorch's libraries for GPUs");
    await mustRun(pythonOf(VENV), [listed("stub_cuda.py"), join(SITE, "torch", "lib")], {
      fix: "Install gcc and binutils, remove .trainers/verl and run this again.",
    });
    return;
  }
  const from = resolve(folder);
  const missing = TORCH_PARTS.filter((part) => !existsSync(join(from, part)));
  if (missing.length > 0) {
    throw new SetupError(`${from} has no ${missing.join(", ")}.`, {
      fix: `Name the site-packages of a Python 3.10 with PyTorch ${TORCH}, or leave --torch out.`,
    });
  }
  say(`link PyTorch from ${from}`);
  const parts = TORCH_PARTS.map((part) => join(from, part));
  await mustRun("cp", ["--archive", "--link", ...parts, SITE], {
    fix: "Both folders have to be on one file system; or leave --torch out.",
  });
}

async function pip(what, args) {
  say(`install ${what}`);
  const quiet = ["--quiet", "--no-input", "--disable-pip-version-check"];
  await mustRun(pythonOf(VENV), ["-m", "pip", "install", ...quiet, ...args], { fix });
}

function say(what) {
  process.stdout.write(`trainers: ${what}\n`);
}
