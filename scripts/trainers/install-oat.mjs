// Installs Oat 0.2.4 without a GPU, for tests/trainers: `.trainers/oat`; beside it upstream's package.
//
//   node scripts/trainers/install-oat.mjs [--torch FOLDER]
//
// FOLDER is the site-packages of another Python 3.10 that has PyTorch 2.6.0; its files are linked instead of downloaded.
// What a GPU is needed for is left out: vllm (tests/trainers/oat_stand_in stands in for it), flash-attn, bitsandbytes.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { main, mustRun } from "../setup/command.mjs";
import { ROOT } from "../setup/paths.mjs";
import { listed, say, TrainerEnvironment } from "./without-gpu.mjs";

const UPSTREAM = join(ROOT, ".trainers", "oat-gem-llm");
const DEEPSPEED = "deepspeed==0.16.8";

/** DeepSpeed compiles these at their first use, which takes minutes that a test should not wait for. */
const COMPILE = `
from deepspeed.accelerator import get_accelerator
for name in ("FusedAdamBuilder", "ShareMemCommBuilder"):
    get_accelerator().create_op_builder(name).load()
import launchpad, oat.algorithms.ppo`;

await main(async () => {
  const { values } = parseArgs({ options: { torch: { type: "string" } } });
  const oat = new TrainerEnvironment("oat");
  await oat.make(values.torch);
  // None of these may bring its own dependencies: PyTorch's libraries for GPUs and a newer protobuf would be among them.
  const requirements = ["--requirement", listed("oat-requirements.txt")];
  await oat.install("Oat and its dependencies", ["--no-deps", ...requirements]);
  const build = ["--no-deps", "--no-build-isolation", DEEPSPEED];
  await oat.install(`${DEEPSPEED}, from its source`, build, { DS_BUILD_OPS: "0" });
  if (!existsSync(join(UPSTREAM, "gem"))) {
    const upstream = ["--requirement", listed("gem-llm-requirements.txt")];
    await oat.install("gem-llm", ["--no-deps", "--target", UPSTREAM, ...upstream]);
  }
  say("compile DeepSpeed's optimizer, and try Oat");
  await mustRun("nice", [oat.python, "-c", COMPILE], {
    env: {
      DS_ACCELERATOR: "cpu",
      MAX_JOBS: "1",
      PATH: `${join(oat.path, "bin")}${delimiter}${process.env.PATH}`,
      PYTHONPATH: join(ROOT, "tests", "trainers", "oat_stand_in"),
      TORCH_EXTENSIONS_DIR: join(oat.path, "extensions"),
      USE_TF: "0",
    },
    fix: `Install g++. ${oat.again}`,
  });
});
