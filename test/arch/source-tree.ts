import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '../..');

/** Where source stands. What only tests need is in `test`. */
export const PRODUCT = ['shared', 'server', 'electron', 'renderer'];

/** The source files under the folders, as git knows them, new ones too; paths from the root. */
export const sourceFiles = (folders: readonly string[]): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => /\.(tsx?|mjs|cjs)$/.test(file) && existsSync(join(root, file)));

/** What a file gives and takes. */
export interface Module {
  /** Names that it exports: whether the file itself uses it too, and whether it is but a type. */
  readonly exports: ReadonlyMap<string, { readonly usedHere: boolean; readonly type: boolean }>;
  /** What it takes of others: a file from the root or a package, and the names; `*` for all of it. */
  readonly imports: readonly { readonly from: string; readonly names: readonly string[] }[];
}

/** The file that a module name means, from the root; a package's name stays as it is. */
const targetOf = (file: string, specifier: string): string => {
  const [path = ''] = specifier.split('?');
  if (path.startsWith('#')) return path.slice(1);
  return path.startsWith('.') ? posix.join(posix.dirname(file), path) : path;
};

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) &&
  // What is asked for as `default` is asked for by its file.
  !(ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);

/** Reads a file as text, without asking what its names mean. @param file from the root. */
export const readModule = (file: string, text = readFileSync(join(root, file), 'utf8')): Module => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true);
  /** Each name, and whether it is a type. */
  const exported = new Map<string, boolean>();
  /** Given on and not made here. */
  const passedOn = new Set<string>();
  const imports: { from: string; names: string[] }[] = [];
  const take = (specifier: ts.Node | undefined, names: string[]) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      imports.push({ from: targetOf(file, specifier.text), names });
  };
  const counts = new Map<string, number>();

  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) counts.set(node.text, (counts.get(node.text) ?? 0) + 1);
    else if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      const named =
        bindings !== undefined && ts.isNamedImports(bindings)
          ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
          : [];
      const whole = bindings !== undefined && ts.isNamespaceImport(bindings) ? ['*'] : [];
      take(node.moduleSpecifier, [...named, ...whole]);
    } else if (ts.isExportDeclaration(node)) {
      const clause = node.exportClause;
      const elements = clause !== undefined && ts.isNamedExports(clause) ? clause.elements : [];
      for (const { name } of elements) {
        exported.set(name.text, node.isTypeOnly);
        passedOn.add(name.text);
      }
      const names = elements.map(({ name, propertyName }) => (propertyName ?? name).text);
      take(node.moduleSpecifier, elements.length > 0 ? names : ['*']);
    } else if (ts.isImportTypeNode(node)) {
      if (ts.isLiteralTypeNode(node.argument)) take(node.argument.literal, ['*']);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      take(node.arguments[0], ['*']);
    if (ts.isVariableStatement(node) && isExported(node))
      for (const { name } of node.declarationList.declarations)
        if (ts.isIdentifier(name)) exported.set(name.text, false);
    const declaresType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
    const declares = declaresType || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node);
    if (declares && isExported(node) && node.name !== undefined)
      exported.set(node.name.text, declaresType);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return {
    exports: new Map(
      [...exported].map(([name, type]) => [
        name,
        { usedHere: !passedOn.has(name) && (counts.get(name) ?? 0) > 1, type },
      ]),
    ),
    imports,
  };
};
