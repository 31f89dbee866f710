import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { findings, publishedPackages, read, repositoryFiles } from './support/repository.ts';

/**
 * What each package's source may import of the others, as ARCHITECTURE.md draws it.
 *
 * A name allows its subpaths too; a subpath allows only itself.
 */
const ALLOWED_SIBLINGS: Readonly<Record<string, readonly string[]>> = {
  '@oncue/core': [],
  '@oncue/livekit': ['@oncue/core'],
  '@oncue/embedded': [],
  '@oncue/otel': ['@oncue/core'],
  '@oncue/browser': ['@oncue/core/wire'],
  '@oncue/react': ['@oncue/browser'],
  '@oncue/studio': ['@oncue/core', '@oncue/livekit', '@oncue/embedded'],
};

/** The studio's server runs an agent; its page sees of it only the trace, and has ears of its own. */
const ALLOWED_IN_STUDIO_PAGE = ['@oncue/core', '@oncue/browser'];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const packages = publishedPackages();

function importsOf(pattern: RegExp): Import[] {
  return repositoryFiles(pattern).flatMap((file) =>
    ts
      .preProcessFile(read(file), true, true)
      .importedFiles.map(({ fileName }) => ({ file, specifier: fileName })),
  );
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const folderOf = (file: string): string => file.split('/', 2).join('/');
const show = ({ file, specifier }: Import): string => `${file} imports ${specifier}`;
const target = ({ file, specifier }: Import): string =>
  path.posix.join(path.posix.dirname(file), specifier);

function isAllowedSibling(importer: string, specifier: string): boolean {
  const allowed = ALLOWED_SIBLINGS[importer] ?? [];
  return allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

it('every package has its place in the layers', () => {
  const unplaced = [...packages.values()]
    .map(({ name }) => name)
    .filter((name) => !(name in ALLOWED_SIBLINGS));

  expect(findings('Draw it in ARCHITECTURE.md and add it to ALLOWED_SIBLINGS:', unplaced)).toBe('');
});

it('core depends on nothing', () => {
  const outside = importsOf(/^packages\/core\/src\/.*\.ts$/).filter(
    ({ specifier }) => !isRelative(specifier),
  );
  const core = packages.get('packages/core');

  expect(findings('Core has no packages and no Node; pass it in instead:', outside.map(show))).toBe(
    '',
  );
  expect({ ...core?.dependencies, ...core?.peerDependencies }).toEqual({});
});

it('packages import each other only along the arrows', () => {
  const wrong = importsOf(/^packages\/[^/]+\/src\/.*\.ts$/).filter(({ file, specifier }) => {
    const importer = packages.get(folderOf(file))?.name ?? '';
    return specifier.startsWith('@oncue/') && !isAllowedSibling(importer, specifier);
  });

  expect(findings('What two packages share is plain data in core:', wrong.map(show))).toBe('');
});

it('the page of the studio draws from the trace, and never meets the agent', () => {
  const wrong = importsOf(/^packages\/studio\/page\/.*\.tsx?$/).filter(
    ({ specifier }) =>
      /^@oncue\/|^@livekit\/|^node:/.test(specifier) &&
      !ALLOWED_IN_STUDIO_PAGE.includes(packageOf(specifier)),
  );

  expect(findings('Put it in the trace, as a note if need be:', wrong.map(show))).toBe('');
});

it('the testbed knows nothing of what is tested on it', () => {
  const wrong = importsOf(/^testbed\/(?:src|page)\/.*\.ts$/).filter(
    (found) =>
      found.specifier.startsWith('@oncue/') || /^(?:packages|bench|demo)\//.test(target(found)),
  );

  expect(findings('Pass it in: a page brings its own entries:', wrong.map(show))).toBe('');
});

it('a package imports only what its own manifest declares', () => {
  const undeclared = importsOf(/^packages\/[^/]+\/src\/.*\.ts$/).filter(({ file, specifier }) => {
    if (isRelative(specifier) || specifier.startsWith('node:')) return false;
    const manifest = packages.get(folderOf(file));
    const declared = { ...manifest?.dependencies, ...manifest?.peerDependencies };
    return !(packageOf(specifier) in declared);
  });

  expect(findings('Declare it in dependencies or peerDependencies:', undeclared.map(show))).toBe(
    '',
  );
});

it('source and shared code are reached through package names and listed subpaths', () => {
  const subpaths = new Set(
    [...packages.values()].flatMap(({ name, exports }) =>
      Object.keys(exports ?? {}).map((key) => path.posix.join(name, key)),
    ),
  );
  const deep = importsOf(/\.ts$/).filter((found) => {
    if (found.specifier.startsWith('@oncue/')) return !isListed(found.specifier, subpaths);
    return isRelative(found.specifier) && leavesPackage(found);
  });

  expect(findings('Import the package name, or export what is missing:', deep.map(show))).toBe('');
});

function isListed(specifier: string, subpaths: ReadonlySet<string>): boolean {
  const published = [...packages.values()].some(({ name }) => name === packageOf(specifier));
  return !published || subpaths.has(specifier);
}

/** A test may reach into the source of its own package; nobody reaches into that of another. */
function leavesPackage(found: Import): boolean {
  const to = target(found);
  return to.startsWith('packages/') && folderOf(to) !== folderOf(found.file);
}

it('no benchmark imports from another one', () => {
  const folder = (file: string): string => file.split('/')[2] ?? '';
  const imports = importsOf(/^bench\/src\/[^/]+\/.*\.ts$/).filter(({ specifier }) =>
    isRelative(specifier),
  );
  const sideways = imports.filter((found) => {
    const to = target(found);
    const isAllowed = folder(to) === folder(found.file) || folder(to) === 'shared';
    return to.startsWith('bench/src/') && !isAllowed;
  });

  expect(imports.length).toBeGreaterThan(100);
  expect(findings('Move what both need to bench/src/shared:', sideways.map(show))).toBe('');
});

it('what ships does not import what only tests need', () => {
  const wrong = importsOf(/^packages\/[^/]+\/src\/.*\.ts$/).filter((found) => {
    if (/^packages\/core\/src\/testing\//.test(found.file)) return false;
    const to = isRelative(found.specifier) ? target(found) : found.specifier;
    return /^packages\/core\/src\/testing\/|^@oncue\/core\/testing$|^vitest|^fast-check/.test(to);
  });

  expect(findings('Test helpers stay out of the packages:', wrong.map(show))).toBe('');
});
