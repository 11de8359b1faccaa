import ts from "typescript";
import type { SourceFile } from "./source-tree.ts";

/** An exported declaration: where it stands, what it is called, whether a doc comment precedes it. */
export interface Exported {
  readonly path: string;
  readonly name: string;
  readonly isDocumented: boolean;
  readonly isDefault: boolean;
}

/** The symbols that a file declares and exports; what it only passes on from another file is not its own. */
export function exportsOf({ path, syntax }: SourceFile): Exported[] {
  const listed = namesInExportLists(syntax);
  return syntax.statements.flatMap((statement) => {
    const isDefault =
      ts.isExportAssignment(statement) || hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
    const isExported = isDefault || hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    return declaredNames(statement)
      .filter((name) => isExported || listed.has(name))
      .map((name) => ({ path, name, isDefault, isDocumented: isDocumented(statement, syntax) }));
  });
}

function namesInExportLists(syntax: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of syntax.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) continue;
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause))
      continue;
    for (const { propertyName, name } of statement.exportClause.elements)
      names.add((propertyName ?? name).text);
  }
  return names;
}

function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some((modifier) => modifier.kind === kind) === true;
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isExportAssignment(statement)) return ["default"];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesInBinding(name));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed ? [statement.name?.text ?? "default"] : [];
}

function namesInBinding(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? namesInBinding(element.name) : [],
  );
}

/** Whether a doc comment ends right above the statement. An overload counts as documented where its first signature is. */
function isDocumented(statement: ts.Statement, syntax: ts.SourceFile): boolean {
  const last = ts.getLeadingCommentRanges(syntax.text, statement.getFullStart())?.at(-1);
  if (last === undefined) return isLaterOverload(statement, syntax);
  return syntax.text.startsWith("/**", last.pos);
}

function isLaterOverload(statement: ts.Statement, syntax: ts.SourceFile): boolean {
  const before = syntax.statements[syntax.statements.indexOf(statement) - 1];
  return (
    before !== undefined &&
    ts.isFunctionDeclaration(before) &&
    ts.isFunctionDeclaration(statement) &&
    before.name?.text === statement.name?.text
  );
}
