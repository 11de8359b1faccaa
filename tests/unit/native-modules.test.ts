import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { ADDON_PATH, loadAddon } from "../../src/native/addon.ts";

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

describe("the bridge's addon", () => {
  it("is there where cargo is", () => {
    const hasCargo = spawnSync("cargo", ["--version"]).status === 0;
    expect(loadAddon() instanceof Error && hasCargo).toBe(false);
  });

  it.skipIf(loadAddon() instanceof Error)("carries a frame between two processes", () => {
    const server = `
      const { spawnSync } = require("node:child_process");
      const { ShmServer } = require(process.argv[1]);
      const token = Buffer.alloc(16, 1);
      const path = require("node:path").join(require("node:os").tmpdir(), "gem-addon-" + process.pid);
      const server = new ShmServer(path, token, 1024);
      const program = \`
        const { ShmClient } = require(process.argv[1]);
        const client = new ShmClient(process.argv[2], Buffer.alloc(16, 1));
        client.send(Buffer.from("ping"));
        client.close();\`;
      spawnSync(process.execPath, ["-e", program, process.argv[1], path], { stdio: "inherit" });
      const target = Buffer.alloc(64);
      console.log(target.subarray(4, 4 + server.next(target, 0, 0)).toString());
      server.close();`;
    const command = ["--eval", server, ADDON_PATH];
    expect(execFileSync(process.execPath, command, { encoding: "utf8" })).toBe("ping\n");
  });
});

function runModule(program: string): string {
  return execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: ROOT,
    encoding: "utf8",
  });
}
