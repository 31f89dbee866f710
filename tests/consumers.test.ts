// What a user's project makes of the packages: with each compiler that they support, and from CommonJS on each Node.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NODE_VERSIONS, nodeProgram } from '../scripts/node_programs.mjs';
import { installConsumer, packAll, publicNames, run, temporaryFolder } from './support/packed.ts';
import { findings, read } from './support/repository.ts';

/** The oldest that is supported with both ways to resolve a module, and the newest of 5 and of 7. */
const COMPILERS = [
  ['5.6.3', 'bundler'],
  ['5.6.3', 'nodenext'],
  ['5.9.3', 'bundler'],
  ['7.0.2', 'nodenext'],
] as const;
const MODULES = { bundler: 'esnext', nodenext: 'nodenext' } as const;
/** What an agent's process loads; the others are for pages. */
const IN_NODE = [
  '@oncue/core',
  '@oncue/livekit',
  '@oncue/embedded',
  '@oncue/otel',
  '@oncue/studio',
];
const FOREIGN_SESSION = `
  const { voice, initializeLogger } = require('@livekit/agents');
  initializeLogger({ pretty: false });
  try {
    require('@oncue/livekit').attachOncue(new voice.AgentSession({}), {});
  } catch ({ code, message }) {
    console.log(code, message);
  }`;

const temporary = temporaryFolder();
const consumer = path.join(temporary.folder, 'consumer');

beforeAll(() => {
  run('npm', ['run', 'build']);
  const tarballs = packAll(temporary.folder);
  mkdirSync(consumer);
  const compilers = COMPILERS.map(([version]) => [`ts-${version}`, `npm:typescript@${version}`]);
  const { devDependencies } = JSON.parse(read('packages/react/package.json')) as {
    devDependencies: Record<string, string>;
  };
  // A project with React has them.
  const types = { '@types/react': devDependencies['@types/react'] ?? '*' };
  installConsumer(consumer, tarballs, { ...types, ...Object.fromEntries(compilers) });
  const names = tarballs.flatMap(({ manifest }) => publicNames(manifest));
  const imports = names.map((name, at) => `export * as module${at} from '${name}';`);
  writeFileSync(path.join(consumer, 'main.ts'), imports.join('\n'));
});

afterAll(() => temporary.remove());

it.each(COMPILERS)(
  'TypeScript %s with moduleResolution %s finds no error in our types, without skipLibCheck',
  (version, resolution) => {
    const ours = errorsOf(version, resolution).filter((line) => /@oncue\/|^main/.test(line));

    expect(findings('Correct the types in the sources of these files:', ours)).toBe('');
  },
);

it('a wrong type in our files would be found', () => {
  const wrong = path.join(consumer, 'node_modules', '@oncue', 'core', 'dist', 'wrong.d.ts');
  writeFileSync(wrong, 'export declare const wrong: NoSuchType;\n');
  writeFileSync(
    path.join(consumer, 'main.ts'),
    "import './node_modules/@oncue/core/dist/wrong.js';",
  );

  expect(errorsOf('7.0.2', 'nodenext').join('\n')).toContain('NoSuchType');
});

it.each(NODE_VERSIONS)('Node %s loads each package by require(), without a warning', (version) => {
  const loads = IN_NODE.map((name) => `console.log(Object.keys(require('${name}')).length > 0);`);

  expect(runCommonJs(version, loads.join('\n'))).toBe('true\n'.repeat(IN_NODE.length));
});

it('a session that CommonJS has made is refused, and the error says what to do', () => {
  expect(runCommonJs(NODE_VERSIONS[0] ?? '', FOREIGN_SESSION)).toMatch(
    /^ONCUE_FOREIGN_SESSION .*"type": "module"/,
  );
});

function errorsOf(version: string, moduleResolution: keyof typeof MODULES): string[] {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: MODULES[moduleResolution],
    moduleResolution,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
  };
  const config = { compilerOptions, include: ['main.ts'] };
  writeFileSync(path.join(consumer, 'matrix.json'), JSON.stringify(config));
  const compiler = path.join('node_modules', `ts-${version}`, 'bin', 'tsc');
  try {
    return run('node', [compiler, '-p', 'matrix.json', '--pretty', 'false'], consumer).split('\n');
  } catch (error) {
    // LiveKit's own types have errors with each of these compilers.
    return String(error).split('\n').slice(1);
  }
}

/** @returns What the program printed, warnings included. */
function runCommonJs(version: string, source: string): string {
  writeFileSync(path.join(consumer, 'main.cjs'), source);
  return run('sh', ['-c', `"${nodeProgram(version)}" main.cjs 2>&1`], consumer);
}
