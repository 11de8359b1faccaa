/**
 * `DockerEnv` against a stand-in for the engine's command line (`tests/fixtures/fake-docker.sh`), and, where
 * GEM_TEST_CONTAINER_CLI and GEM_TEST_CONTAINER_IMAGE name them, against a real engine.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { TERMINAL_STATE } from "../../../../src/core/constants.ts";
import { inlineHost } from "../../../../src/core/host.ts";
import type { Env } from "../../../../src/core/env.ts";
import { CliBackend } from "../../../../src/envs/terminal/cli-backend.ts";
import { terminalFamily } from "../../../../src/envs/terminal/index.ts";
import { defaultRegistry, makeFromSpec } from "../../../../src/make.ts";

const FAKE = fileURLToPath(new URL("../../../fixtures/fake-docker.sh", import.meta.url));
const PARENT = fileURLToPath(new URL("../../../fixtures/terminal-parent.ts", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "gem-terminal-"));
const store = join(work, "store");
process.env["FAKE_DOCKER"] = store;

const REAL = process.env["GEM_TEST_CONTAINER_CLI"];
const IMAGE = process.env["GEM_TEST_CONTAINER_IMAGE"] ?? "none";
const open: Env[] = [];

const SCRIPT = `echo "== short test summary info =="
sh "$TEST_DIR/check.sh"`;
const CHECK = `if [ -e /tmp/answer ]; then echo "PASSED t.py::test_answer"; else echo "FAILED t.py::test_answer - none"; fi
echo "PASSED t.py::test_always"`;

interface TaskFiles {
  readonly script?: string;
  readonly compose?: string;
  readonly dockerfile?: string;
  readonly yaml?: string;
}

let tasks = 0;

function writeTask({ script = SCRIPT, compose, dockerfile, yaml }: TaskFiles = {}): string {
  const folder = join(work, `task-${++tasks}`);
  mkdirSync(join(folder, "tests"), { recursive: true });
  writeFileSync(join(folder, "task.yaml"), yaml ?? "instruction: |\n  Make /tmp/answer.\n");
  writeFileSync(join(folder, "tests", "check.sh"), CHECK);
  writeFileSync(join(folder, "run-tests.sh"), script);
  if (dockerfile !== undefined) writeFileSync(join(folder, "Dockerfile"), dockerfile);
  const own = `services:\n  client:\n    image: ${IMAGE}\n`;
  if (dockerfile === undefined) writeFileSync(join(folder, "docker-compose.yaml"), compose ?? own);
  return folder;
}

function makeEnv(cli: string, options: Record<string, unknown>): Env {
  const family = terminalFamily(() => new CliBackend(cli));
  const env = family.create({
    id: "DockerEnv",
    options,
    prompts: undefined,
    seed: 1n,
    host: inlineHost,
  });
  open.push(env);
  return env;
}

function oneTask(cli: string, files: TaskFiles = {}, config: Record<string, unknown> = {}): Env {
  const task_path = writeTask(files);
  return makeEnv(cli, { task_configs: [{ task_name: "one", task_path, ...config }] });
}

const bash = (cmd: string, seconds = 30): string =>
  `<bash>\ncmd: ${JSON.stringify(cmd)}\ntimeout_secs: ${seconds}\n</bash>`;

async function codeOf(promise: unknown): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "none";
}

afterEach(async () => {
  for (const env of open.splice(0)) await env.close();
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

describe.each([FAKE, ...(REAL === undefined ? [] : [REAL])])("with %s", (cli) => {
  it("runs commands in one container, and pays what the tests say", async () => {
    const env = oneTask(cli, {}, { test_weights: { test_answer: 3, test_always: 1 } });
    expect(await env.reset()).toEqual(["Make /tmp/answer.\n", {}]);
    const first = bash("echo out; echo err >&2; echo 1 > /tmp/file");
    expect(await env.step(first)).toEqual([
      "<bash_output>\nout\nerr\n</bash_output>",
      0,
      false,
      false,
      { parsed_action: first, tool_type: "terminal-bash" },
    ]);
    expect(await env.step(bash("cat /tmp/file"))).toContain("<bash_output>\n1\n</bash_output>");
    await env.step(bash("touch /tmp/answer"));
    expect(await env.step("<finish></finish> done")).toEqual([
      TERMINAL_STATE,
      1,
      true,
      true,
      {
        parsed_action: "<finish></finish>",
        tool_type: "terminal-finish",
        tests: { test_answer: true, test_always: true },
      },
    ]);
    const [observation, reward, , , info] = await env.step(first);
    expect([observation, reward]).toEqual([TERMINAL_STATE, 0]);
    expect(info["error"]).toContain("reset()");
    await env.reset();
    const [, failed, terminated, truncated] = await env.step("no call");
    expect([failed, terminated, truncated]).toEqual([1 / 4, true, true]);
  });

  it("ends after so many failed commands, with what the tests say", async () => {
    const env = oneTask(cli, {}, { max_retry: 2 });
    await env.reset();
    const [first, , ended] = await env.step(bash("exit 3"));
    expect(first).toContain("exit code 3");
    expect(ended).toBe(false);
    const [last, reward, terminated, truncated] = await env.step(bash("nonsense-command"));
    expect(last).toContain("failure 2 of 2");
    expect([reward, terminated, truncated]).toEqual([0.5, true, true]);
  });

  it("stops a command whose time is up, and what it started", async () => {
    const env = oneTask(cli);
    await env.reset();
    const [observation] = await env.step(bash("sleep 987 & sleep 987", 0.5));
    expect(observation).toContain("0.5 seconds");
    expect(observation).toContain("exit code 124");
    const looking =
      "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done | grep -c '^sleep 987'";
    expect(await env.callMethod("execute", [looking, 10])).toEqual(["0", 1]);
  });

  it("cuts long output and says so", async () => {
    const env = oneTask(cli);
    await env.reset();
    const [observation] = await env.step(bash("head -c 100000 /dev/zero | tr '\\0' x"));
    expect(observation).toContain("65536 of 100000 bytes");
  });

  it("tells what is wrong with a call and goes on", async () => {
    const env = oneTask(cli);
    await env.reset();
    const [observation, reward, terminated] = await env.step("<bash>ls</bash>");
    expect(observation).toContain("map");
    expect([reward, terminated, env.getAttribute("error_count")]).toEqual([0, false, 0]);
  });

  it("pays nothing, and says why, for tests that give no results or do not end", async () => {
    const silent = oneTask(cli, { script: "echo nothing; exit 4" });
    await silent.reset();
    const [, reward, terminated, , info] = await silent.step("<finish></finish>");
    expect([reward, terminated]).toEqual([0, true]);
    expect(info["reward_error"]).toContain("exit code 4");
    const endless = oneTask(cli, { script: "while :; do :; done" }, { max_test_timeout_sec: 0.5 });
    await endless.reset();
    const [, none, , , why] = await endless.step("<finish></finish>");
    expect(none).toBe(0);
    expect(why["reward_error"]).toContain("0.5 seconds");
  });

  it("removes the container at a reset, at close, and never twice", async () => {
    const env = oneTask(cli);
    const { exec } = containerLooks(cli);
    await env.reset();
    const first = String(env.getAttribute("container_name"));
    expect(await exec(first)).toBe(true);
    await env.reset();
    const second = String(env.getAttribute("container_name"));
    expect(await exec(first)).toBe(false);
    await env.close();
    await env.close();
    expect(await exec(second)).toBe(false);
  });

  it("removes the container when its program is killed", async () => {
    const folder = writeTask();
    const loader = ["--import", "tsx"];
    const child = spawn(process.execPath, [...loader, PARENT, cli, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [name] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { exec } = containerLooks(cli);
    const ran = await exec(name);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(ran).toBe(true);
    while (await exec(name)) continue;
  });

  it("fails, and pays nothing, when the container ends under it", async () => {
    const env = oneTask(cli);
    await env.reset();
    const name = String(env.getAttribute("container_name"));
    await containerLooks(cli).kill(name);
    expect(await codeOf(env.step(bash("ls")))).toBe("GEM_ENV_FAULT");
    expect(await codeOf(env.step("<finish></finish>"))).toBe("GEM_ENV_FAULT");
    await env.reset();
    expect((await env.step(bash("echo again")))[0]).toContain("again");
  });
});

/** Looks at containers by the engine's own commands. */
function containerLooks(cli: string): {
  exec: (name: string) => Promise<boolean>;
  kill: (name: string) => Promise<void>;
} {
  const run = async (args: readonly string[]): Promise<number | null> => {
    const [code] = (await once(spawn(cli, args, { stdio: "ignore" }), "close")) as [number | null];
    return code;
  };
  return {
    exec: async (name) => (await run(["exec", name, "sh", "-c", "exit 0"])) === 0,
    kill: async (name) => {
      if (cli === FAKE) writeFileSync(join(store, "containers", name, "running"), "false");
      else await run(["kill", name]);
    },
  };
}

it("builds an image once for all that want it, and not again where that is not wanted", async () => {
  const task_path = writeTask({ dockerfile: "FROM scratch\n" });
  const task_configs = [{ task_name: "built", task_path }];
  const builds = (): number => readFileSync(join(store, "builds"), "utf8").split("\n").length - 1;
  const family = terminalFamily(
    (
      (backend) => () =>
        backend
    )(new CliBackend(FAKE)),
  );
  const make = (no_rebuild: boolean): Env => {
    const env = family.create({
      id: "DockerEnv",
      options: { task_configs, container_config: { no_rebuild } },
      prompts: undefined,
      seed: 1n,
      host: inlineHost,
    });
    open.push(env);
    return env;
  };
  await Promise.all([make(false), make(false)].map(async (env) => env.reset()));
  expect(builds()).toBe(1);
  await make(true).reset();
  expect(builds()).toBe(1);
  await make(false).reset();
  expect(builds()).toBe(2);
});

it("names what is missing", async () => {
  const folder = writeTask();
  const config = { task_configs: [{ task_name: "x", task_path: folder }] };
  expect(await codeOf(makeEnv("/no/such/engine", config).reset())).toBe("GEM_UNAVAILABLE");
  const broken = oneTask(FAKE, { dockerfile: "FROM scratch\nRUN false\n" });
  await expect(broken.reset()).rejects.toMatchObject({
    code: "GEM_ENV_FAULT",
    message: expect.stringContaining("RUN false failed") as string,
  });
  const services = "services:\n  a:\n    image: x\n  b:\n    image: y\n";
  expect(await codeOf(oneTask(FAKE, { compose: services }).reset())).toBe("GEM_UNSUPPORTED");
  const parser = "instruction: x\nparser_name: swebench\n";
  expect(await codeOf(oneTask(FAKE, { yaml: parser }).reset())).toBe("GEM_UNSUPPORTED");
  for (const yaml of ["author: me\n", "- 1\n", "{"]) {
    expect(await codeOf(oneTask(FAKE, { yaml }).reset())).toBe("GEM_INVALID_OPTION");
  }
  expect(existsSync(join(store, "containers", "gem"))).toBe(false);
});

it("reads a compose file's command, environment and folder", async () => {
  const compose = `services:
  client:
    image: \${T_BENCH_TASK_DOCKER_CLIENT_IMAGE_NAME:-plain}
    command: ["sh", "-c", "sleep infinity"]
    working_dir: /work
    environment:
      - "TEST_DIR=\${T_BENCH_TEST_DIR}"
`;
  const env = oneTask(FAKE, { compose });
  await env.reset();
  const name = String(env.getAttribute("container_name"));
  const given = readFileSync(join(store, "containers", name, "arguments"), "utf8");
  expect(given).toContain("-e TEST_DIR=/tests -w /work plain sh -c sleep infinity");
});

it("draws the task from its own stream, and refuses wrong options", async () => {
  const task_configs = ["a", "b", "c", "d"].map((task_name) => ({
    task_name,
    task_path: writeTask(),
  }));
  const names = async (): Promise<unknown[]> => {
    const env = makeEnv(FAKE, { task_configs });
    const drawn = [];
    for (const seed of [1, undefined, undefined, undefined]) {
      await env.reset(seed);
      drawn.push(env.getAttribute("task_name"));
    }
    return drawn;
  };
  const drawn = await names();
  expect(await names()).toEqual(drawn);
  expect(new Set(drawn).size).toBeGreaterThan(1);
  const spec = defaultRegistry().classSpec("DockerEnv");
  for (const options of [{}, { task_configs: [] }, { task_configs: [{ task_name: "x" }] }]) {
    expect(() => makeFromSpec(spec, options, inlineHost)).toThrow(/task_configs/);
  }
});

it("cannot be copied within an episode", async () => {
  const env = oneTask(FAKE);
  expect(() => env.getState()).not.toThrow();
  await env.reset();
  expect(() => env.getState()).toThrow(expect.objectContaining({ code: "GEM_UNSUPPORTED" }));
});
