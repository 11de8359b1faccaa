// Runs benchmarks: `npm run bench` lists them, `npm run bench -- NAME [arguments]` runs `benchmarks/NAME.bench.{ts,py}`.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { main, runProgram, SetupError } from "./setup/command.mjs";
import { PRODUCT, setUp } from "./setup/index.mjs";
import { HOSTS, pythonOf, ROOT, VENV } from "./setup/paths.mjs";
import { filesBelow } from "./setup/stamp.mjs";

const FOLDER = join(ROOT, "benchmarks");
const SUFFIX = /\.bench\.(ts|py)$/;

await main(async () => {
  const [name, ...rest] = process.argv.slice(2);
  const files = existsSync(FOLDER) ? filesBelow(FOLDER).filter((path) => SUFFIX.test(path)) : [];
  const byName = new Map(files.map((path) => [relative(FOLDER, path).replace(SUFFIX, ""), path]));
  const list = [...byName.keys()].map((known) => `  ${known}`).join("\n");
  if (name === undefined) {
    process.stdout.write(`Run one with \`npm run bench -- NAME\`:\n${list}\n`);
    return 0;
  }
  const file = byName.get(name);
  if (file === undefined)
    throw new SetupError(`There is no benchmark "${name}". These exist:\n${list}`);
  await setUp([...PRODUCT, "hosts"]);
  const program = file.endsWith(".py") ? pythonOf(VENV) : join(ROOT, "node_modules", ".bin", "tsx");
  const { code } = await runProgram(program, [file, ...rest], {
    show: true,
    env: { GEM_HOSTS: HOSTS },
  });
  return code;
});
