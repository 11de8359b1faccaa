// Rewrites TypeScript, JavaScript, Python and Rust sources in the project's format.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { main, mustRun } from "./setup/command.mjs";
import { setUp } from "./setup/index.mjs";
import { isOnPath } from "./setup/python.mjs";
import { pythonOf, ROOT, VENV } from "./setup/paths.mjs";

await main(async () => {
  await setUp(["nodeModules", "venv"]);
  const ruff = ["-m", "ruff", "--config", "python/pyproject.toml"];
  await mustRun("node_modules/.bin/prettier", ["--write", "--log-level", "warn", "."]);
  await mustRun(pythonOf(VENV), [...ruff, "check", "--quiet", "--fix-only", "."]);
  await mustRun(pythonOf(VENV), [...ruff, "format", "--quiet", "."]);
  if (existsSync(join(ROOT, "bridge", "Cargo.toml")) && isOnPath("cargo")) {
    await mustRun("cargo", ["fmt", "--all", "--manifest-path", "bridge/Cargo.toml"]);
  }
  process.stdout.write("formatted\n");
});
