import ts from 'typescript';
import { expect, it } from 'vitest';
import { findings, read, repositoryFiles } from './support/repository.ts';

/** Exported unions of string literals with such a name are what an application compares the `code` of an error with. */
const CODE_TYPE = /(?:Error|Warning)Code$/;

const SOURCE = /^packages\/[^/]+\/(?:src|page|worker)\/.*\.(?:ts|tsx|js)$/;
const TEST = /^packages\/[^/]+\/test(?:-browser|-live|-room)?\/.*\.test\.ts$/;

const ERRORS_PAGE = 'docs/reference/errors.md';

interface Code {
  readonly file: string;
  readonly type: string;
  readonly code: string;
}

it('each public error code is given to some error', () => {
  const used = new Set(
    repositoryFiles(SOURCE).flatMap((file) => literalsIn(parse(file), { inTypes: false })),
  );
  const unused = codes().filter(({ code }) => !used.has(code));

  expect(codes().length).toBeGreaterThan(15);
  expect(findings('Remove the code, or throw it:', unused.map(show))).toBe('');
});

it('each public error code is named by a test', () => {
  const tested = new Set(
    repositoryFiles(TEST).flatMap((file) => literalsIn(parse(file), { inTypes: false })),
  );
  const untested = codes().filter(({ code }) => !tested.has(code));

  expect(findings('Write a test that expects the code:', untested.map(show))).toBe('');
});

it('each public error code has its place in the documentation, and nothing else has', () => {
  const documented = [...read(ERRORS_PAGE).matchAll(/^### (\S+)$/gm)].map(([, code = '']) => code);
  const known = new Set(codes().map(({ code }) => code));
  const missing = [...known].filter((code) => !documented.includes(code));
  const gone = documented.filter((code) => !known.has(code));

  expect(findings(`Describe in ${ERRORS_PAGE}:`, missing)).toBe('');
  expect(findings(`Take out of ${ERRORS_PAGE}:`, gone)).toBe('');
});

it('the docstring of each type of codes leads to that page', () => {
  const without = [...new Set(codes().map(({ file }) => file))].filter(
    (file) => !read(file).includes(ERRORS_PAGE),
  );

  expect(findings(`Name ${ERRORS_PAGE} in the docstring:`, without)).toBe('');
});

it('a code that stands only in its type is not used', () => {
  const source = ts.createSourceFile(
    'errors.ts',
    "export type SomeErrorCode = 'ONE' | 'TWO'; fail('TWO');",
    ts.ScriptTarget.Latest,
  );

  expect(codesIn('errors.ts', source).map(({ code }) => code)).toEqual(['ONE', 'TWO']);
  expect(literalsIn(source, { inTypes: false })).toEqual(['TWO']);
});

function codes(): Code[] {
  return repositoryFiles(SOURCE).flatMap((file) => codesIn(file, parse(file)));
}

function codesIn(file: string, source: ts.SourceFile): Code[] {
  return source.statements
    .filter((statement) => ts.isTypeAliasDeclaration(statement))
    .filter(({ name, modifiers }) => modifiers !== undefined && CODE_TYPE.test(name.text))
    .flatMap(({ name, type }) =>
      literalsIn(type, { inTypes: true }).map((code) => ({ file, type: name.text, code })),
    );
}

/** The string literals below a node; those of types only when asked for. */
function literalsIn(root: ts.Node, { inTypes }: { readonly inTypes: boolean }): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && !inTypes) return;
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

const parsed = new Map<string, ts.SourceFile>();

function parse(file: string): ts.SourceFile {
  const source = parsed.get(file) ?? ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
  parsed.set(file, source);
  return source;
}

function show({ file, type, code }: Code): string {
  return `${code} of ${type}, ${file}`;
}
