import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { GemError } from "../../errors.ts";
import type { ContainerPlan } from "./container.ts";

/** What a task's folder says. */
export interface Task {
  /** What the agent is to do. */
  readonly instruction: string;
  readonly plan: ContainerPlan;
  /** Files and folders for the container's `/tests`. */
  readonly tests: readonly string[];
  /** The script in `/tests` that runs the tests. */
  readonly script: string;
}

const TESTS = "tests";
const SCRIPT = "run-tests.sh";
const COMPOSE = ["docker-compose.yaml", "docker-compose.yml", "compose.yaml", "compose.yml"];
/** Keeps a container alive in any image that has a shell. */
const STAY = ["sh", "-c", "while :; do sleep 3600; done"];

const TASK = z.object({
  instruction: z.string().optional(),
  descriptions: z.array(z.object({ key: z.string(), description: z.string() })).optional(),
  parser_name: z.string().default("pytest"),
});

const TEXTS = z.union([
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  z.array(z.string()),
]);
const SERVICE = z.object({
  build: z
    .union([
      z.string(),
      z.object({ context: z.string().default("."), dockerfile: z.string().default("Dockerfile") }),
    ])
    .optional(),
  image: z.string().optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  environment: TEXTS.default({}),
  working_dir: z.string().optional(),
});
const COMPOSE_FILE = z.object({ services: z.record(z.string(), SERVICE) });

/**
 * Reads a task of Terminal-Bench: a folder with `task.yaml`, a Dockerfile or a compose file of one service, `tests/`, `run-tests.sh`.
 *
 * @throws GEM_INVALID_OPTION when something is missing or cannot be read, GEM_UNSUPPORTED for several services or another parser
 */
export function readTask(folder: string, noRebuild: boolean): Task {
  const file = join(folder, "task.yaml");
  const { instruction, descriptions = [], parser_name } = read(file, TASK);
  const text =
    instruction ?? (descriptions.find(({ key }) => key === "base") ?? descriptions[0])?.description;
  if (text === undefined) throw invalid(`${file} has no instruction`);
  if (parser_name !== "pytest") {
    throw new GemError(
      "GEM_UNSUPPORTED",
      `${file} asks for the parser "${parser_name}"; results are read from pytest's summary ("pytest").`,
    );
  }
  const script = join(folder, SCRIPT);
  if (!existsSync(script)) throw invalid(`${script} is missing: it runs the tests`);
  // Of a folder the content is copied, not the folder itself.
  const contents = existsSync(join(folder, TESTS)) ? [`${join(folder, TESTS)}/.`] : [];
  const tests = [...contents, script];
  return { instruction: text, plan: planOf(folder, noRebuild), tests, script: SCRIPT };
}

function planOf(folder: string, noRebuild: boolean): ContainerPlan {
  const compose = COMPOSE.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (compose !== undefined) return composePlan(folder, compose, noRebuild);
  if (!existsSync(join(folder, "Dockerfile"))) {
    throw invalid(`${folder} has neither a Dockerfile nor a compose file`);
  }
  const source = { context: folder, dockerfile: join(folder, "Dockerfile") };
  return { source, noRebuild, command: STAY, env: {}, workingFolder: undefined };
}

function composePlan(folder: string, file: string, noRebuild: boolean): ContainerPlan {
  const services = Object.values(read(file, COMPOSE_FILE).services);
  const [service] = services;
  if (service === undefined || services.length > 1) {
    throw new GemError(
      "GEM_UNSUPPORTED",
      `${file} has ${services.length} services; tasks of one container can be played.`,
    );
  }
  const { build, image, command = STAY, environment, working_dir: workingFolder } = service;
  const entries = Array.isArray(environment)
    ? environment.map((line): [string, string] => [
        line.replace(/=.*/s, ""),
        line.replace(/^[^=]*=?/, ""),
      ])
    : Object.entries(environment).map(([key, value]): [string, string] => [
        key,
        String(value ?? ""),
      ]);
  return {
    source: sourceOf(folder, file, build, image),
    noRebuild,
    command: typeof command === "string" ? ["sh", "-c", command] : command,
    env: Object.fromEntries(entries.map(([key, value]) => [key, expanded(value)])),
    workingFolder,
  };
}

function sourceOf(
  folder: string,
  file: string,
  build: z.infer<typeof SERVICE>["build"],
  image: string | undefined,
): ContainerPlan["source"] {
  if (build === undefined) {
    if (image === undefined) throw invalid(`${file} has a service without build and image`);
    return { image: expanded(image) };
  }
  const { context, dockerfile } =
    typeof build === "string" ? { context: build, dockerfile: "Dockerfile" } : build;
  const base = join(folder, expanded(context));
  return { context: base, dockerfile: join(base, expanded(dockerfile)) };
}

/** What Terminal-Bench's own variables stand for in a compose file. */
const VARIABLES: Readonly<Record<string, string>> = { T_BENCH_TEST_DIR: "/tests" };

function expanded(text: string): string {
  return text.replace(/\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g, (_, braced, fallback, bare) => {
    const name = String(braced ?? bare);
    return VARIABLES[name] ?? process.env[name] ?? (typeof fallback === "string" ? fallback : "");
  });
}

function read<T extends z.ZodType>(file: string, schema: T): z.output<T> {
  let value: unknown;
  try {
    value = parse(readFileSync(file, "utf8"), {
      merge: true,
      logLevel: "error",
    });
  } catch (error) {
    throw invalid(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(`${file} is wrong at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? ""}`);
}

function invalid(problem: string): GemError {
  return new GemError("GEM_INVALID_OPTION", `This is no task: ${problem}.`);
}
