// Trains on the CPU: `npm run demo [-- arguments of examples/train_cpu.py]`.
import { main, runProgram } from "./setup/command.mjs";
import { PRODUCT, setUp } from "./setup/index.mjs";
import { pythonOf, VENV } from "./setup/paths.mjs";

await main(async () => {
  await setUp(PRODUCT);
  const { code } = await runProgram(
    pythonOf(VENV),
    ["examples/train_cpu.py", ...process.argv.slice(2)],
    { show: true },
  );
  return code;
});
