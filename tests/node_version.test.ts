import { expect, it } from 'vitest';
import { admits, versionIn } from './support/node_versions.ts';
import { findings, read, repositoryFiles } from './support/repository.ts';

interface Manifest {
  readonly engines?: { readonly node?: string };
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (file: string): Manifest => JSON.parse(read(file)) as Manifest;
/** The oldest Node that the repository says it runs on, as in `>=20.19`. */
const ENGINE = manifestOf('package.json').engines?.node ?? '';
const OLDEST = ENGINE.replace('>=', '');

it('every package asks for the same Node', () => {
  const others = repositoryFiles(/(?:^|\/)package\.json$/)
    .map((file) => ({ file, node: manifestOf(file).engines?.node }))
    .filter(({ node }) => node !== ENGINE)
    .map(({ file, node }) => `${file}: ${node}`);

  expect(ENGINE).toMatch(/^>=\d+\.\d+$/);
  expect(findings(`Set "engines" to { "node": "${ENGINE}" }:`, others)).toBe('');
});

it('.nvmrc and the types are of the same major version', () => {
  const major = OLDEST.split('.')[0];
  const types = manifestOf('package.json').devDependencies?.['@types/node'];

  expect(read('.nvmrc').trim()).toBe(major);
  expect(types?.split('.')[0]).toBe(major);
});

it('each document that says from which Node on says the same', () => {
  const wrong = repositoryFiles(/\.(?:md|yml)$/).flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(/Node(?:\.js)? (\d[\d.]*)(?: or (?:later|newer)|\+)/g)]
          .filter(([, version]) => version !== OLDEST)
          .map(([text]) => `${file}:${index + 1} ${text}`),
      ),
  );

  expect(findings(`Write "Node ${OLDEST} or later":`, wrong)).toBe('');
});

it('npm install warns of no package that needs a newer Node', () => {
  const oldest = versionIn(OLDEST);
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, Manifest>;
  };
  const tooNew = Object.entries(packages)
    .filter(([, { engines }]) => oldest && engines?.node && !admits(engines.node, oldest))
    .map(([location, { engines }]) => `${location}: ${engines?.node}`);

  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(findings(`Use a version that runs on Node ${OLDEST}:`, tooNew)).toBe('');
});

it.each([
  ['>=20', true],
  ['>= 18.0.0', true],
  ['>=22.22', false],
  ['^20.19.0 || >=22.12.0', true],
  ['^20.20.0 || >=22.12.0', false],
  ['18 || 20 || >=22', true],
  ['^18', false],
  ['*', true],
])('the range %s admits 20.19.0: %s', (range, isAdmitted) => {
  expect(admits(range, [20, 19, 0])).toBe(isAdmitted);
});
