import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";

const ROOT = new URL("../..", import.meta.url);

/** Binds a router, asks it from a dealer, and has `answer` hold what came back. */
const ROUND_TRIP = `
  const router = new Router();
  const dealer = new Dealer();
  await router.bind("tcp://127.0.0.1:*");
  dealer.connect(router.lastEndpoint);
  await dealer.send("ping");
  const [peer, request] = await router.receive();
  await router.send([peer, request + "!"]);
  const answer = String(await dealer.receive());
  dealer.close();
  router.close();`;

describe("zeromq, installed without its install script", () => {
  it("carries a message to a bound socket and back in the main thread", () => {
    const program = `import { Dealer, Router } from "zeromq"; ${ROUND_TRIP} console.log(answer);`;
    expect(runModule(program)).toBe("ping!\n");
  });

  it("does so in a worker thread", async () => {
    const worker = new Worker(
      `(async () => {
         const { Dealer, Router } = require("zeromq");
         ${ROUND_TRIP}
         require("node:worker_threads").parentPort.postMessage(answer);
       })();`,
      { eval: true },
    );
    expect(await once(worker, "message")).toEqual(["ping!"]);
    expect(await once(worker, "exit")).toEqual([0]);
  });
});

function runModule(program: string): string {
  return execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: ROOT,
    encoding: "utf8",
  });
}
