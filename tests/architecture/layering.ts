import { LAYERS } from "../../layers.js";
import type { Import, SourceFile } from "./source-tree.ts";
import { visit } from "./source-tree.ts";
import ts from "typescript";

const GAMES = "src/envs/games/";

/** The layer of a file of `src/`: the name of its top-level folder or file. */
export function layerOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.ts$/, "");
}

/** Whether `layers.js` lets the importing file's layer use the imported one's. */
export function isAllowed({ from, to }: Import): boolean {
  return layerOf(from) === layerOf(to) || LAYERS[layerOf(from)]?.includes(layerOf(to)) === true;
}

/** The names of the games: entries of `src/envs/games/` in which a family is defined. */
export function gamesAmong(files: readonly SourceFile[]): ReadonlySet<string> {
  const games = new Set<string>();
  for (const { path, syntax } of files) {
    const game = gameAt(path);
    if (game === undefined) continue;
    visit(syntax, (node) => {
      if (ts.isCallExpression(node) && node.expression.getText(syntax) === "defineFamily")
        games.add(game);
    });
  }
  return games;
}

/** The entry of `src/envs/games/` to which a file belongs, without suffixes. */
export function gameAt(path: string): string | undefined {
  return path.startsWith(GAMES) ? path.slice(GAMES.length).split(/[/.]/)[0] : undefined;
}

/** The imports that lie on a cycle: their target leads back to the file that has them. */
export function importsOnCycles(imports: readonly Import[]): Import[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const leadsTo = (start: string, goal: string): boolean => {
    const seen = new Set<string>();
    const open = [start];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (path === goal) return true;
      if (seen.has(path)) continue;
      seen.add(path);
      open.push(...(targets.get(path) ?? []));
    }
    return false;
  };
  return imports.filter(({ from, to }) => leadsTo(to, from));
}
