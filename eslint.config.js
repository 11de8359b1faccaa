import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import eslint from "@eslint/js";
import regexp from "eslint-plugin-regexp";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { LAYERS } from "./layers.js";

const SOURCES = fileURLToPath(new URL("./src", import.meta.url));
const GAMES = "envs/games";

/** Configurations that forbid a source file's imports of what is not below its layer, by `layers.js`. */
function layerRules() {
  const files = readdirSync(SOURCES)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => restrict([`src/${name}`], [upward(name.replace(".ts", ""), "\\./")]));
  const folders = foldersBelow("").map((path) => {
    const [layer, ...inner] = path.split("/");
    return restrict([`src/${path}/*.ts`], [upward(layer, "\\.\\./".repeat(1 + inner.length))]);
  });
  return [...files, ...folders];
}

/** Configurations that forbid one game's imports of another; each repeats its folder's layers, since the last match wins. */
function gameRules() {
  const games = gamesIn(join(SOURCES, GAMES));
  return games.flatMap((game) => {
    const others = games.filter((other) => other !== game).join("|");
    if (others === "") return [];
    const message = "One game never imports another.";
    const beside = { regex: `^\\./(?:${others})[/.]`, message };
    const above = { regex: `^\\.\\./(?:${others})[/.]`, message };
    return [
      restrict(
        [`src/${GAMES}/${game}.ts`, `src/${GAMES}/${game}.*.ts`],
        [upward("envs", "\\.\\./\\.\\./"), beside],
      ),
      restrict([`src/${GAMES}/${game}/*.ts`], [upward("envs", "\\.\\./\\.\\./\\.\\./"), above]),
    ];
  });
}

function restrict(files, patterns) {
  return { files, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

/** The pattern of imports that leave `layer` for one that it may not use; `toTop` leads from the file to `src/`. */
function upward(layer, toTop) {
  const allowed = [layer, ...(LAYERS[layer] ?? [])];
  return {
    regex: `^${toTop}(?!(?:${allowed.join("|")})(?:/|\\.ts$))[^.]`,
    message: `${layer} may import only ${allowed.slice(1).join(", ") || "nothing"} (layers.js).`,
  };
}

/** Every folder below a folder of `src`, as paths from `src`. */
function foldersBelow(folder) {
  const inner = readdirSync(join(SOURCES, folder))
    .map((name) => (folder === "" ? name : `${folder}/${name}`))
    .filter((path) => statSync(join(SOURCES, path)).isDirectory());
  return inner.flatMap((path) => [path, ...foldersBelow(path)]);
}

/** The names of the games: files that define a family, and folders in which a file does. */
function gamesIn(folder) {
  const definesFamily = (path) =>
    statSync(path).isDirectory()
      ? readdirSync(path).some((name) => definesFamily(join(path, name)))
      : readFileSync(path, "utf8").includes("defineFamily(");
  return readdirSync(folder)
    .filter((name) => definesFamily(join(folder, name)))
    .map((name) => name.split(".")[0]);
}

export default defineConfig(
  {
    ignores: [
      "dist/",
      "coverage/",
      ".cache/",
      ".venv*/",
      ".hosts/",
      ".trainers/",
      "python/",
      "bridge/",
      "tests/fixtures/**/*.{js,json}",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  eslint.configs.recommended,
  regexp.configs["flat/recommended"],
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/class-literal-property-style": "off",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // A wrapper's `unwrapped` is not the object itself, though an environment's is.
      "@typescript-eslint/prefer-return-this-type": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: {
      globals: {
        Buffer: "readonly",
        URL: "readonly",
        console: "readonly",
        performance: "readonly",
        process: "readonly",
        setImmediate: "readonly",
        setTimeout: "readonly",
      },
    },
  },
  {
    rules: {
      complexity: ["error", 15],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ExportDefaultDeclaration",
          message: "Export by name: a symbol has one name everywhere.",
        },
      ],
    },
  },
  { files: ["**/*.data.ts"], rules: { "max-lines": "off" } },
  { files: ["eslint.config.js", "vitest.config.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["src/**/*.ts"],
    rules: { "no-console": "error", "regexp/no-super-linear-move": "error" },
  },
  ...layerRules(),
  ...gameRules(),
  {
    files: ["tests/**"],
    rules: {
      "max-lines-per-function": "off",
      "@typescript-eslint/no-empty-function": "off",
      // `env.reset()` may give a promise by its type but not here; a forgotten `await` of an expectation stays an error.
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-floating-promises": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "ExpressionStatement > CallExpression > MemberExpression MemberExpression[property.name=/^(?:rejects|resolves)$/]",
          message: "Await this expectation, or it is never checked.",
        },
      ],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
