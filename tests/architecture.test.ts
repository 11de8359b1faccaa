import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { LAYERS } from "../layers.js";
import { exportsOf } from "./architecture/exports.ts";
import {
  gameAt,
  gamesAmong,
  importsOnCycles,
  isAllowed,
  layerOf,
} from "./architecture/layering.ts";
import { markersInCode, readLedger } from "./architecture/parity.ts";
import type { SourceFile } from "./architecture/source-tree.ts";
import {
  codeLines,
  commentsOf,
  filesBelow,
  importsOf,
  parse,
  ROOT,
  visit,
} from "./architecture/source-tree.ts";

const sources = filesBelow("src", ".ts").map(parse);
const tests = filesBelow("tests", ".ts").map(parse);
const imports = sources.flatMap(importsOf);
const arrow = ({ from, to }: { from: string; to: string }): string => `${from} -> ${to}`;

describe("layers", () => {
  it("have a row in layers.js for every top-level name of src", () => {
    const names = new Set(sources.map(({ path }) => layerOf(path)));
    expect([...names].filter((name) => LAYERS[name] === undefined)).toEqual([]);
  });

  it("stand in layers.js below those that import them", () => {
    const order = Object.keys(LAYERS);
    for (const [layer, below] of Object.entries(LAYERS)) {
      const notBelow = below.filter(
        (name) => order.indexOf(name) >= order.indexOf(layer) || LAYERS[name] === undefined,
      );
      expect(notBelow, layer).toEqual([]);
    }
  });

  it("import only downward", () => {
    expect(imports.filter((edge) => !isAllowed(edge)).map(arrow)).toEqual([]);
  });

  it("are left by no import: sources import only sources and packages", () => {
    expect(imports.filter(({ to }) => !to.startsWith("src/")).map(arrow)).toEqual([]);
  });
});

describe("files", () => {
  it("import no file that leads back to them", () => {
    expect(importsOnCycles(imports).map(arrow)).toEqual([]);
  });

  it("of one game import none of another", () => {
    const games = gamesAmong(sources);
    const isGame = (path: string): boolean => games.has(gameAt(path) ?? "");
    const across = imports.filter(
      ({ from, to }) => isGame(from) && isGame(to) && gameAt(from) !== gameAt(to),
    );
    expect(across.map(arrow)).toEqual([]);
  });

  it("hold at most 400 lines of code, unless they are data", () => {
    const lengths = [
      ...[...sources, ...tests]
        .filter(isNoData)
        .map((file) => [file.path, codeLines(file)] as const),
      ...["python", "tests", "examples", "benchmarks", "scripts"]
        .flatMap((folder) => [...filesBelow(folder, ".py"), ...filesBelow(folder, ".mjs")])
        .map((path) => [path, linesWithoutComments(path)] as const),
    ];
    expect(lengths.filter(([, lines]) => lines > 400)).toEqual([]);
  });

  it("are mostly short: median at most 120 lines of code, nine in ten at most 300", () => {
    const lengths = sources
      .filter(isNoData)
      .map(codeLines)
      .sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(120);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(300);
  });

  it("are named after what they hold", () => {
    const paths = ["src", "tests", "scripts", "benchmarks", "examples"].flatMap((folder) =>
      filesBelow(folder),
    );
    expect(
      paths.filter((path) => /(?:^|\/)(?:utils?|helpers?|common)(?:[./]|$)/i.test(path)),
    ).toEqual([]);
  });
});

describe("exported symbols", () => {
  const exported = sources.flatMap(exportsOf);

  it("have a doc comment", () => {
    const bare = exported.filter(({ isDocumented }) => !isDocumented);
    expect(bare.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });

  it("are exported by name", () => {
    expect(exported.filter(({ isDefault }) => isDefault).map(({ path }) => path)).toEqual([]);
  });
});

describe("environments", () => {
  it("depend on no clock, no process-wide generator and no console", () => {
    const forbidden =
      /^(?:Math\.random|Date\.now|performance\.now|process\.hrtime|crypto\.\w+|console\.\w+|new Date\(\))$/;
    const uses = sources
      .filter(({ path }) => layerOf(path) === "envs")
      .flatMap((file) =>
        textsOfUses(file)
          .filter((text) => forbidden.test(text))
          .map((text) => `${file.path}: ${text}`),
      );
    expect(uses).toEqual([]);
  });
});

describe("exceptions", () => {
  it("to the linter give a reason", () => {
    expect(commentsMatching(/eslint-disable(?!.* -- \S)/)).toEqual([]);
  });

  it("to the type checker are not made", () => {
    expect(commentsMatching(/@ts-(?:ignore|nocheck)|@ts-expect-error(?! \S)/)).toEqual([]);
  });
});

describe("docs/parity.md", () => {
  it("has one row for every quirk and difference that the code names", () => {
    const { ids } = readLedger();
    expect([...markersInCode(sources)].filter((id) => !ids.includes(id)).sort()).toEqual([]);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it("names no quirk or difference that the code does not mark", () => {
    const markers = markersInCode(sources);
    expect(readLedger().idsInCode.filter((id) => !markers.has(id))).toEqual([]);
  });
});

describe("committed files", () => {
  it("name no package registry: whoever installs this chooses it", () => {
    const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const committed = execFileSync("git", listed, { cwd: ROOT, encoding: "utf8" })
      .split("\0")
      .filter((path) => path !== "" && !path.startsWith("tests/fixtures/"));
    const hosts = [
      "registry npmjs org",
      "pypi org",
      "pythonhosted org",
      "static crates io",
      "index crates io",
      "proxy golang org",
    ].map((words) => words.replaceAll(" ", "."));
    const naming = committed.filter((path) => {
      const text = readText(path);
      return (
        hosts.some((host) => text.includes(host)) || /"resolved": *"http|index-?url/.test(text)
      );
    });
    expect(naming).toEqual([]);
  });
});

function isNoData({ path }: SourceFile): boolean {
  return !path.endsWith(".data.ts") && !path.startsWith("tests/fixtures/");
}

/** Property accesses and argument-free constructions as written, for example `Math.random` and `new Date()`. */
function textsOfUses({ syntax }: SourceFile): string[] {
  const texts: string[] = [];
  visit(syntax, (node) => {
    if (ts.isPropertyAccessExpression(node) || ts.isNewExpression(node))
      texts.push(node.getText(syntax));
  });
  return texts;
}

/** The number of lines that are neither blank nor a comment, in Python or JavaScript. */
function linesWithoutComments(path: string): number {
  const lines = readText(path).split("\n");
  return lines.filter((line) => !/^\s*(?:$|#|\/\/|\/?\*)/.test(line)).length;
}

function commentsMatching(pattern: RegExp): string[] {
  const files = [...sources, ...tests];
  return files.flatMap((file) =>
    commentsOf(file)
      .filter((comment) => pattern.test(comment))
      .map((comment) => `${file.path}: ${comment}`),
  );
}

function readText(path: string): string {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return ""; // Deleted in the work tree, but not yet in the index.
  }
}
