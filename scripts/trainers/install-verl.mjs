// Installs Verl 0.5.0 without a GPU, for tests/trainers: `.trainers/verl`; beside it upstream's package, and a newer Verl
// whose agent loops run in the same environment.
//
//   node scripts/trainers/install-verl.mjs [--torch FOLDER]
//
// FOLDER is the site-packages of another Python 3.10 that has PyTorch 2.6.0; its files are linked instead of downloaded.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { main, mustRun } from "../setup/command.mjs";
import { ROOT } from "../setup/paths.mjs";
import { listed, say, TrainerEnvironment } from "./without-gpu.mjs";

const UPSTREAM = join(ROOT, ".trainers", "verl-gem-llm");
/** The Verl that examples/verl is written for; what it needs beyond 0.5.0 only its trainers use. */
const LATEST = { folder: join(ROOT, ".trainers", "verl-latest"), package: "verl==0.9.1" };

await main(async () => {
  const { values } = parseArgs({ options: { torch: { type: "string" } } });
  const verl = new TrainerEnvironment("verl");
  await verl.make(values.torch);
  await verl.install("Verl's dependencies", ["--requirement", listed("verl-requirements.txt")]);
  await verl.install("Verl", ["--no-deps", "--requirement", listed("verl-no-deps.txt")]);
  if (!existsSync(join(UPSTREAM, "gem"))) {
    const requirements = ["--requirement", listed("gem-llm-requirements.txt")];
    await verl.install("gem-llm", ["--no-deps", "--target", UPSTREAM, ...requirements]);
  }
  if (!existsSync(join(LATEST.folder, "verl"))) {
    await verl.install(LATEST.package, ["--no-deps", "--target", LATEST.folder, LATEST.package]);
  }
  say("try PyTorch and Verl");
  const program =
    "import torch, verl.trainer.ppo.ray_trainer; print(torch.ones(3) @ torch.ones(3))";
  await mustRun(verl.python, ["-c", program], { fix: verl.again });
});
