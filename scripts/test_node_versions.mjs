// Runs the unit tests with other versions of Node, which npm has as packages.
//
//   npm run versions:node -- [--quick] [--only <part of a file's path>] [<version> …]
//
// Without a version: the oldest that the manifests admit, and the newest 22, 24 and 26. `--quick` runs the tests of what is
// installed in an agent's process, without those that take a long time on any version, and leaves out the line of Node that
// runs this program, since `npm test` runs with that. It fails if npm cannot install one.
// `--reports FOLDER` writes Vitest's counts as JSON, a file for each version, for the last line of .ci/run.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NODE_VERSIONS, nodeProgram } from './node_programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const IN_AN_AGENT = [
  'packages/core/test',
  'packages/livekit/test',
  'packages/otel/test',
  'packages/embedded/test',
];
/** An hour of audio, and histories that are checked for each millisecond: what they find does not depend on Node's version. */
const LONG = ['hour.test.ts', 'backpressure.test.ts', 'liar.property.test.ts'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    reports: { type: 'string' },
  },
});
const versions = positionals.length > 0 ? positionals : defaultVersions();

const failed = versions.filter((version) => !passes(version));
if (failed.length > 0) {
  console.error(`failed with Node ${failed.join(', ')}`);
  process.exitCode = 1;
}

function defaultVersions() {
  if (!values.quick) return NODE_VERSIONS;
  const here = process.versions.node.split('.')[0];
  console.log(`Node ${here} runs npm test`);
  return NODE_VERSIONS.filter((version) => version.split('.')[0] !== here);
}

/** @param {string} version */
function passes(version) {
  const report = values.reports && path.join(values.reports, `node-${version}.json`);
  // Counts as one failed test until Vitest has written its own counts.
  if (report) writeFileSync(report, '{}');
  const program = installed(version);
  if (!program) return false;
  const found = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\n--- Node ${found}`);
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = report
    ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    : [];
  const run = [vitest, 'run', '--project', 'unit', ...filters(), ...reporters];
  return (
    spawnSync(program, run, { cwd: root, env: environment(program), stdio: 'inherit' }).status === 0
  );
}

/** @param {string} version */
function installed(version) {
  try {
    return nodeProgram(version);
  } catch (error) {
    console.error(String(error));
    return undefined;
  }
}

/** Vitest's filters are parts of paths. */
function filters() {
  if (!values.quick) return values.only;
  const parts = values.only.length > 0 ? values.only : IN_AN_AGENT;
  const files = execFileSync('git', ['ls-files', '*.test.ts'], { cwd: root, encoding: 'utf8' });
  return files
    .split('\n')
    .filter((file) => parts.some((part) => file.includes(part)))
    .filter((file) => !LONG.some((name) => file.endsWith(`/${name}`)));
}

/** What a test starts by the name `node` is this version as well. @param {string} program */
function environment(program) {
  const few = values.quick ? { ONCUE_PROPERTY_RUNS: '20' } : {};
  const PATH = `${path.dirname(program)}${path.delimiter}${process.env['PATH']}`;
  return { ...process.env, PATH, ...few };
}
