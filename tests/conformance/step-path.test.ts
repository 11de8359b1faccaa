/** ARCHITECTURE.md's "path of a step", against the stack that a real step goes through. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inlineHost } from "../../src/core/host.ts";
import type { ResetResult, StepResult } from "../../src/core/env.ts";
import { SeededEnv } from "../../src/core/seeded-env.ts";
import { createRegistry } from "../../src/make.ts";
import { decode, encode } from "../../src/protocol/codec.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/version.ts";
import { Dispatcher } from "../../src/server/dispatcher.ts";
import { InlineTransport } from "../../src/transport/inline.ts";

const ROOT = join(import.meta.dirname, "../..");
let seen: readonly string[] = [];

/** Notes through which files its step was reached. */
class ProbeEnv extends SeededEnv {
  protected override state = { turn_count: 0 };

  protected override onReset(): ResetResult {
    return ["start", {}];
  }

  protected override onStep(): StepResult {
    seen = filesOnStack();
    return ["on", 0, false, false, {}];
  }

  protected override drawAction(): string {
    return "go";
  }
}

/** The files of `src/` on the stack, the outermost first. */
function filesOnStack(): readonly string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const stack = new Error("probe").stack ?? "";
  Error.stackTraceLimit = limit;
  const files = [...stack.matchAll(/\/(src\/[\w/-]+\.ts)/g)].map(([, path]) => path ?? "");
  return [...new Set(files.toReversed())];
}

function documented(): readonly string[] {
  const text = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
  const section = text.split("## The path of a step")[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `(src\/[\w/-]+\.ts)`/gm)].map(([, path]) => path ?? "");
}

it("a vector step goes through the files that ARCHITECTURE.md lists, in its order", async () => {
  const registry = createRegistry();
  registry.register("test:Probe-v0", ProbeEnv);
  let order = 0;
  const dispatcher = new Dispatcher({
    registry,
    host: inlineHost,
    index: 0,
    runsPrograms: true,
    endpoints: ["inline:"],
    log: () => undefined,
    nextOrder: () => order++,
  });
  const transport = new InlineTransport(dispatcher.receive);
  let n = 0;
  const call = (method: string, params: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve) => {
      const peer = transport.connect((frame) => {
        resolve((decode(frame) as readonly unknown[])[2]);
      });
      peer.send(encode([0, new Uint8Array(8), ++n, method, params]));
    });
  await call("hello", [PROTOCOL_VERSION, new Uint8Array(16), {}]);
  const made = (await call("make", [[["test:Probe-v0", {}]], [["concat", {}]]])) as [
    unknown,
    [[number]],
  ];
  const vector = await call("vector", [[made[1][0][0]], true, "SameStep"]);
  await call("vector_reset", [vector, null, {}]);
  await call("vector_step", [vector, ["go"], null]);
  await transport.close();

  const path = documented();
  expect(path.length).toBeGreaterThan(5);
  // The socket's own file comes first in the document; here its place is taken by the inline transport.
  expect(path[0]).toBe("src/transport/unix.ts");
  expect(seen.filter((file) => path.includes(file))).toEqual(path.slice(1, -1));
  expect(seen[0]).toBe("src/transport/inline.ts");
  expect(path.at(-1)).toMatch(/^src\/envs\/games\//);
});
