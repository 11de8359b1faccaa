import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** What set-up made, unless the environment names another. */
function made(variable: string, ...path: string[]): Record<string, string> {
  return { [variable]: process.env[variable] ?? resolve(import.meta.dirname, ...path) };
}

export default defineConfig({
  test: {
    // Processes, not threads: tests bind native sockets, start workers of their own and kill children.
    pool: "forks",
    maxWorkers: availableParallelism(),
    coverage: { include: ["src/**"] },
    env: {
      ...made("GEM_TEST_PYTHON", ".venv", "bin", "python"),
      ...made("GEM_ORACLE_PYTHON", ".venv-oracle", "bin", "python"),
      ...made("GEM_HOSTS", ".hosts"),
      // Tests leave no packed copies in the user's cache.
      GEM_DATA_CACHE: "off",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.{ts,mjs}", "tests/architecture.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "conformance",
          include: ["tests/conformance/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        // Each file drives an oracle process of its own: one at a time leaves each a core.
        test: {
          name: "differential",
          include: ["tests/differential/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
