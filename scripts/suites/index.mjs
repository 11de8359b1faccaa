import { PRODUCT } from "../setup/index.mjs";
import { runChecks } from "./check.mjs";
import { runCargo, runFuzz, runPytest, runVitest } from "./runners.mjs";

/** What suites need that make environments of every kind. */
const EVERYTHING = [...PRODUCT, "hosts", "bubblewrap"];

/**
 * Every suite, in the order in which `npm test` runs them: `home` is what has to exist for the suite to be run, `needs`
 * are steps of the set-up, `run` takes further arguments for the runner and gives the counts.
 */
export const SUITES = [
  { name: "check", home: "package.json", needs: ["nodeModules", "venv"], run: runChecks },
  vitest("unit", [...EVERYTHING, "kiwix"]),
  vitest("conformance", EVERYTHING),
  vitest("differential", [...EVERYTHING, "oracleVenv"]),
  { name: "fuzz", home: "tests/fuzz", needs: ["nodeModules"], run: runFuzz },
  { name: "rust", home: "bridge/Cargo.toml", needs: [], run: runCargo },
  pytest("python"),
  pytest("e2e"),
  pytest("trainers"),
];

function vitest(name, needs) {
  return { name, home: `tests/${name}`, needs, run: (filters) => runVitest(name, filters) };
}

function pytest(name) {
  return {
    name,
    home: `tests/${name}`,
    needs: EVERYTHING,
    run: (filters) => runPytest(`tests/${name}`, filters),
  };
}
