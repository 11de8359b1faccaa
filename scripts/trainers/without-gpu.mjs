import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { mustRun, SetupError } from "../setup/command.mjs";
import { pythonOf, ROOT } from "../setup/paths.mjs";
import { choosePython, pythonsOnPath } from "../setup/python.mjs";

const TORCH = "2.6.0";
/** PyTorch's parts in site-packages; the two of NVIDIA are what even its CPU half loads. */
const TORCH_PARTS = ["torch", "torchgen", "functorch", `torch-${TORCH}.dist-info`, "nvidia"];
const NVIDIA = ["nvidia-cuda-runtime-cu12==12.4.127", "nvidia-cuda-cupti-cu12==12.4.127"];

/** A file of this folder. */
export const listed = (name) => join(ROOT, "scripts", "trainers", name);

/** A Python 3.10 of its own for a trainer, `.trainers/<name>`, with PyTorch and without what only GPUs need. */
export class TrainerEnvironment {
  constructor(name) {
    this.name = `.trainers/${name}`;
    this.path = join(ROOT, ".trainers", name);
    this.python = pythonOf(this.path);
    this.site = join(this.path, "lib", "python3.10", "site-packages");
    this.again = `Remove ${this.name} and run this again.`;
  }

  /**
   * Makes the environment where there is none, and brings PyTorch.
   *
   * @param torch the site-packages of another Python 3.10 that has PyTorch; its files are linked instead of downloaded
   */
  async make(torch) {
    if (!existsSync(this.python)) {
      const python = choosePython(pythonsOnPath(), { oldest: [3, 10], below: [3, 11] });
      say(`make ${this.name}`);
      await mustRun(python.path, ["-m", "venv", this.path], { fix: this.again });
    }
    if (existsSync(join(this.site, "torch"))) return;
    if (torch === undefined) await this.#downloadTorch();
    else await this.#linkTorch(resolve(torch));
  }

  /** Runs pip's install in it. */
  async install(what, args, env) {
    say(`install ${what}`);
    const quiet = ["--quiet", "--no-input", "--disable-pip-version-check"];
    await mustRun(this.python, ["-m", "pip", "install", ...quiet, ...args], {
      env,
      fix: "Check that pip reaches its package index, then run this again.",
    });
  }

  async #downloadTorch() {
    await this.install(`PyTorch ${TORCH} (1.6 GB)`, ["--no-deps", `torch==${TORCH}`, ...NVIDIA]);
    say("put stubs in the place of PyTorch's libraries for GPUs");
    await mustRun(this.python, [listed("stub_cuda.py"), join(this.site, "torch", "lib")], {
      fix: `Install gcc and binutils. ${this.again}`,
    });
  }

  async #linkTorch(from) {
    const missing = TORCH_PARTS.filter((part) => !existsSync(join(from, part)));
    if (missing.length > 0) {
      throw new SetupError(`${from} has no ${missing.join(", ")}.`, {
        fix: `Name the site-packages of a Python 3.10 with PyTorch ${TORCH}, or leave --torch out.`,
      });
    }
    say(`link PyTorch from ${from}`);
    const parts = TORCH_PARTS.map((part) => join(from, part));
    await mustRun("cp", ["--archive", "--link", ...parts, this.site], {
      fix: "Both folders have to be on one file system; or leave --torch out.",
    });
  }
}

/** Tells what is done next. */
export function say(what) {
  process.stdout.write(`trainers: ${what}\n`);
}
