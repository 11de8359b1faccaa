import { bridge } from "./bridge.mjs";
import { bubblewrap } from "./bubblewrap.mjs";
import { SetupError } from "./command.mjs";
import { dist } from "./dist.mjs";
import { hosts } from "./hosts.mjs";
import { kiwix } from "./kiwix.mjs";
import { nodeModules } from "./node-modules.mjs";
import { oracleVenv, venv } from "./venv.mjs";

const OLDEST_NODE = [20, 11];

/** The steps of the set-up by name, in the order in which they build on each other. */
export const STEPS = { nodeModules, dist, bridge, venv, hosts, oracleVenv, kiwix, bubblewrap };

/** The steps that everything needs; some tests need more. */
export const PRODUCT = ["nodeModules", "dist", "bridge", "venv"];

/**
 * Brings the named steps up to date and says so: a line for each that had something to do (with its time, or what it gives to
 * know instead), or one line when none had.
 *
 * @throws SetupError with the failed command, the end of its output and what to do
 */
export async function setUp(names) {
  checkNode(process.versions.node);
  const stale = Object.keys(STEPS).filter((name) => names.includes(name));
  let idle = true;
  for (const step of stale.map((name) => STEPS[name])) {
    if (step.isCurrent()) continue;
    idle = false;
    process.stdout.write(`setup: ${step.label}: ${step.doing} ... `);
    const start = performance.now();
    let note;
    try {
      note = await step.bringUpToDate();
    } catch (error) {
      process.stdout.write("failed\n");
      throw error;
    }
    process.stdout.write(`${note ?? seconds(performance.now() - start)}\n`);
  }
  if (idle) process.stdout.write("setup: up to date\n");
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function checkNode(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(
    `This is Node ${version}; Node ${OLDEST_NODE.join(".")} or newer is needed.`,
    {
      fix: "Install a current Node, for example with your system's package manager or nvm, then run this again.",
    },
  );
}
