import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** One TypeScript file, parsed. */
export interface SourceFile {
  /** Path from the root of the repository, with `/`. */
  readonly path: string;
  readonly syntax: ts.SourceFile;
}

/** An import of another file of the tree, written in any form (`import`, `export … from`, `import()`, a type's `import()`). */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every file below `folder` (a path from the root) whose name ends in `suffix`, as paths from the root; none when it is missing. */
export function filesBelow(folder: string, suffix = ""): string[] {
  try {
    return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((path) => !/(?:^|\/)(?:node_modules|__pycache__)\//.test(path))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Parses a file of the repository. */
export function parse(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  return { path, syntax: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
}

/** The imports of other files of the tree. */
export function importsOf({ path, syntax }: SourceFile): Import[] {
  const specifiers: string[] = [];
  visit(syntax, (node) => {
    const specifier = specifierOf(node);
    if (specifier?.startsWith(".") === true) specifiers.push(specifier);
  });
  return specifiers.map((specifier) => ({
    from: path,
    to: posix.normalize(posix.join(dirname(path), specifier)),
  }));
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    return literal(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literal(node.arguments[0]);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return literal(node.argument.literal);
  return undefined;
}

function literal(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** Calls `see` with a node and all nodes below it. */
export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => {
    visit(child, see);
  });
}

/** The texts of all comments. */
export function commentsOf(file: SourceFile): string[] {
  return commentRanges(file).map(({ pos, end }) => file.syntax.text.slice(pos, end));
}

/** The number of lines that hold more than blanks and comments. */
export function codeLines(file: SourceFile): number {
  let { text } = file.syntax;
  for (const { pos, end } of commentRanges(file)) {
    text = text.slice(0, pos) + text.slice(pos, end).replace(/[^\n]/g, " ") + text.slice(end);
  }
  return text.split("\n").filter((line) => line.trim() !== "").length;
}

const knownComments = new WeakMap<ts.SourceFile, readonly ts.CommentRange[]>();

function commentRanges({ syntax }: SourceFile): readonly ts.CommentRange[] {
  const known = knownComments.get(syntax) ?? findComments(syntax);
  knownComments.set(syntax, known);
  return known;
}

function findComments(syntax: ts.SourceFile): readonly ts.CommentRange[] {
  const ranges = new Map<number, ts.CommentRange>();
  const visitTokens = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(syntax);
    children.forEach(visitTokens);
    if (children.length > 0) return;
    for (const range of [
      ...(ts.getLeadingCommentRanges(syntax.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(syntax.text, node.end) ?? []),
    ]) {
      ranges.set(range.pos, range);
    }
  };
  visitTokens(syntax);
  return [...ranges.values()];
}
