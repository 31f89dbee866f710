import path from 'node:path';
import ts from 'typescript';
import { type Manifest, read } from './repository.ts';

/** What we promise of an exported name: `docs/versions.md` says what each means. */
const STABILITIES = ['public', 'beta', 'experimental'] as const;
type Stability = (typeof STABILITIES)[number];

/** The declarations of one source file, as they are published. */
interface Declarations {
  /** Text by name, without comments. An overloaded function has one text for all. */
  readonly byName: ReadonlyMap<string, string>;
  readonly reexports: readonly Reexport[];
}

interface Reexport {
  /** A path in the repository; for another package its name. */
  readonly file: string;
  /** The name in that file and the name it gets; `undefined` for `export *`. */
  readonly names: readonly (readonly [from: string, to: string])[] | undefined;
}

const cache = new Map<string, Declarations>();

/**
 * What a package offers, one section for each entry, one block for each exported name in alphabetical order. Comments are
 * left out, so that a better sentence changes nothing here, but for the stability: that of the entry stands above its
 * names, and that of a name which differs stands above the name.
 */
export function apiReport(folder: string, { name, exports = {} }: Manifest): string {
  const sections = Object.entries(exports).flatMap(([subpath, target]) => {
    const source = (target as Readonly<Record<string, string>>)['@oncue/source'];
    if (source?.endsWith('.ts') !== true) return [];
    const offered = exportsOf(path.posix.join(folder, source));
    const blocks = [...offered].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
    const stability = stabilityOfEntry(subpath, read(path.posix.join(folder, source)));
    const title = [path.posix.join(name, subpath), ...(stability ? [`@${stability}`] : [])];
    return [`# ${title.join(' ')}\n\n${blocks.join('\n\n')}\n`];
  });
  return sections.join('\n');
}

/**
 * What is promised of the names of an entry that have no mark of their own: the mark in the first comment of its file. An
 * entry without names, as a worklet is, needs none.
 *
 * @returns `undefined` if the file has no mark.
 */
export function stabilityOfEntry(
  subpath: string,
  text: string,
): Stability | 'internal' | undefined {
  if (subpath.endsWith('/internal')) return 'internal';
  const comment =
    /\/\*\*(?:(?!\*\/)[\s\S])*@packageDocumentation[\s\S]*?\*\//.exec(text)?.[0] ?? '';
  return STABILITIES.find((stability) => comment.includes(`@${stability}`));
}

/** The exported names of a file with their declarations. */
export function exportsOf(file: string): Map<string, string> {
  const { byName, reexports } = declarationsOf(file);
  return new Map([...byName, ...reexports.flatMap((one) => passedOn(file, one))]);
}

function passedOn(by: string, { file, names }: Reexport): (readonly [string, string])[] {
  if (file.startsWith('@'))
    return (names ?? []).map(([, to]) => [to, `export { ${to} } from '${file}';`]);
  const offered = exportsOf(file);
  return (names ?? [...offered.keys()].map((name) => [name, name] as const)).map(([from, to]) => {
    const text = offered.get(from);
    if (text === undefined) throw new Error(`${by} exports ${from}, which ${file} lacks`);
    return [to, from === to ? text : `${text}\n// as ${to}`];
  });
}

function declarationsOf(file: string): Declarations {
  const known = cache.get(file);
  if (known) return known;
  const { outputText } = ts.transpileDeclaration(read(file), {
    fileName: file,
    compilerOptions: { isolatedDeclarations: true, removeComments: true, stripInternal: true },
  });
  const declarations = parse(file, outputText, ownMarks(read(file)));
  cache.set(file, declarations);
  return declarations;
}

/** The names of a file that have a mark in their own docstring. */
function ownMarks(text: string): Map<string, Stability> {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  return new Map(
    source.statements.filter(isExported).flatMap((statement) => {
      const tags = ts.getJSDocTags(statement).map(({ tagName }) => tagName.text);
      const mark = STABILITIES.find((stability) => tags.includes(stability));
      return mark ? namesOf(statement).map((name) => [name, mark] as const) : [];
    }),
  );
}

function parse(file: string, text: string, marks: ReadonlyMap<string, Stability>): Declarations {
  const source = ts.createSourceFile('file.d.ts', text, ts.ScriptTarget.Latest, true);
  const byName = new Map<string, string>();
  const reexports: Reexport[] = [];
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) reexports.push(...reexportOf(file, statement));
    else if (isExported(statement))
      for (const name of namesOf(statement)) {
        const before = byName.get(name)?.concat('\n') ?? markLine(marks.get(name));
        byName.set(name, `${before}${statement.getText(source).replaceAll(/^\s*\n/gm, '')}`);
      }
  }
  return { byName, reexports };
}

function markLine(mark: Stability | undefined): string {
  return mark ? `// @${mark}\n` : '';
}

function reexportOf(file: string, statement: ts.ExportDeclaration): Reexport[] {
  const { moduleSpecifier, exportClause } = statement;
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
  const names =
    exportClause && ts.isNamedExports(exportClause)
      ? exportClause.elements.map(
          ({ name, propertyName }) => [(propertyName ?? name).text, name.text] as const,
        )
      : undefined;
  const { text } = moduleSpecifier;
  const isRelative = text.startsWith('.');
  return [{ file: isRelative ? path.posix.join(path.posix.dirname(file), text) : text, names }];
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.Statement & { readonly name?: ts.Identifier };
  return name ? [name.text] : [];
}
