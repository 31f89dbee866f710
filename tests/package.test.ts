import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  installConsumer,
  packAll,
  publicNames,
  run,
  runTool,
  type Tarball,
  temporaryFolder,
} from './support/packed.ts';
import { findings } from './support/repository.ts';

/** The most that a tarball may hold, about a quarter more than it does: what grows past this was meant to. */
const MAX_TARBALL_BYTES: Readonly<Record<string, number>> = {
  '@oncue/core': 345_000,
  '@oncue/livekit': 385_000,
  '@oncue/browser': 230_000,
  '@oncue/embedded': 85_000,
  '@oncue/otel': 35_000,
  '@oncue/react': 30_000,
  '@oncue/studio': 360_000,
};

const temporary = temporaryFolder();
let tarballs: Tarball[] = [];

beforeAll(() => {
  run('npm', ['run', 'build']);
  tarballs = packAll(temporary.folder);
});

afterAll(() => temporary.remove());

it('each tarball holds the build, the licence and the notice, and no tests', () => {
  const wrong = tarballs.flatMap(({ manifest, contents }) => {
    const missing = ['LICENSE', 'NOTICE', 'README.md', 'dist/index.js', 'dist/index.d.ts'].filter(
      (file) => !contents.includes(file),
    );
    const unwanted = contents.filter((file) => /^test\/|\.test\.|tsbuildinfo$/.test(file));
    return [
      ...missing.map((file) => `${manifest.name} lacks ${file}`),
      ...unwanted.map((file) => `${manifest.name} has ${file}`),
    ];
  });

  expect(findings('Correct "files" in the package.json, or add the file:', wrong)).toBe('');
});

it('no tarball is larger than its ceiling', () => {
  const large = tarballs
    .filter(({ manifest, sizeBytes }) => !(sizeBytes <= (MAX_TARBALL_BYTES[manifest.name] ?? 0)))
    .map(({ manifest, sizeBytes }) => `${manifest.name}: ${sizeBytes} bytes`);

  expect(findings('Leave out what was not meant to be in it, or raise its ceiling:', large)).toBe(
    '',
  );
});

it('publint finds nothing to correct', () => {
  for (const { file } of tarballs) {
    runTool('publint', ['run', '--strict', file]);
  }
});

it('the types resolve for every kind of importer that can load an ES module', () => {
  for (const { file } of tarballs) {
    runTool('attw', [file, '--profile', 'esm-only', '--no-emoji', '--no-color']);
  }
});

it('a project that installs the tarballs gets no warning of ours, compiles and runs', () => {
  const consumer = path.join(temporary.folder, 'consumer');
  const names = tarballs.flatMap(({ manifest }) => publicNames(manifest));
  mkdirSync(consumer);
  writeFileSync(
    path.join(consumer, 'main.ts'),
    [
      ...names.map((name, index) => `import * as module${index} from '${name}';`),
      ...names.map((name, index) => `console.log('${name}', Object.keys(module${index}).length);`),
    ].join('\n'),
  );

  const installed = installConsumer(consumer, tarballs).split('\n');
  const warnings = installed.filter((line) => /^npm warn.*@oncue\//i.test(line));
  expect(findings('npm warns whoever installs us:', warnings)).toBe('');
  expect(installed.join('\n')).toMatch(/^added \d+ packages/m);
  runTool('tsc', ['-p', 'tsconfig.json'], consumer);
  const printed = run('node', [path.join('out', 'main.js')], consumer);

  const loaded = printed.split('\n').map((line) => line.split(' ')[0]);
  expect(loaded).toEqual(expect.arrayContaining(names));
});
