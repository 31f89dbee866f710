// The mutation score of core's step, wire and heard text and of the adapter's pure parts, one file after the other. Stryker
// changes a copy, never the files here.
// npm run mutation:score [-- part of a path ...] [-- --report <file>: the counts in the form of Vitest's JSON report]
// Results are kept in .cache/mutation, so that a second run plays only what has changed; --force plays everything.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EQUIVALENT_MUTANTS } from './equivalent.mjs';
import { OWN_TESTS } from './own_tests.mjs';

/** Per cent, of each file: of the mutants that some test can tell from the code. */
const LEAST_SCORE = 90;
const FOLDERS = ['step', 'wire', 'heard_text'].map((name) => `packages/core/src/${name}`);
const ALIVE = ['Survived', 'NoCoverage'];
const KILLED = ['Killed', 'Timeout'];

const root = new URL('..', import.meta.url).pathname;
const { values, positionals } = parseArgs({
  options: { report: { type: 'string' }, force: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/** Which tests judge a file; by default those of core. */
function testsOf(file) {
  const names = OWN_TESTS[file];
  return (
    names && {
      ONCUE_MUTATION_TESTS: names.map((name) => `packages/${name}.test.ts`).join(),
    }
  );
}

/** Stryker's report of one file; `undefined` if Stryker did not get as far as that. */
function mutantsOf(file) {
  const kept = join('.cache/mutation', `${file.replaceAll('/', '.')}.json`);
  const report = '.cache/mutation.json';
  mkdirSync(join(root, '.cache/mutation'), { recursive: true });
  rmSync(join(root, report), { force: true });
  const args = ['run', 'mutation/stryker.config.json', '--mutate', file, '--reporters', 'json'];
  const incremental = ['--incremental', '--incrementalFile', kept];
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/stryker'),
    [...args, ...incremental, ...(values.force ? ['--force'] : [])],
    { cwd: root, encoding: 'utf8', env: { ...process.env, ...testsOf(file) } },
  );
  try {
    const { files } = JSON.parse(readFileSync(join(root, report), 'utf8'));
    // A file of types has nothing to change, and is not in the report.
    return files[file] ?? { source: readFileSync(join(root, file), 'utf8'), mutants: [] };
  } catch {
    console.log(stdout);
    return undefined;
  }
}

/** What a mutant changes, as the list of equivalents names it. */
function changeOf({ location, replacement }, lines) {
  const { start, end } = location;
  const changed = lines.slice(start.line - 1, end.line);
  changed[changed.length - 1] = changed.at(-1).slice(0, end.column - 1);
  changed[0] = changed[0].slice(start.column - 1);
  const line = lines[start.line - 1].trim();
  return { place: start.line, line, from: changed.join('\n'), to: replacement };
}

const isSame = (change, known) =>
  change.line === known.line && change.from === known.from && change.to === known.to;

/** @returns Counts of a file, and whether it passes. */
function scoreOf(file) {
  const { source, mutants } = mutantsOf(file) ?? { source: '', mutants: [] };
  const lines = source.split('\n');
  const changes = mutants.map((mutant) => ({ ...changeOf(mutant, lines), status: mutant.status }));
  const equivalents = EQUIVALENT_MUTANTS.filter((one) => one.file === file);
  const isListed = (change) => equivalents.some((known) => isSame(change, known));
  const alive = changes.filter(({ status }) => ALIVE.includes(status));
  const killed = changes.filter(({ status }) => KILLED.includes(status)).length;
  const late = changes.filter(({ status }) => status === 'Timeout').length;
  const survivors = alive.filter((change) => !isListed(change));
  const equivalent = alive.length - survivors.length;
  const told = killed + survivors.length;
  const score = told > 0 ? (100 * killed) / told : 100;
  const cells = [file, changes.length, killed, late, equivalent, `${score.toFixed(1)} %`];
  console.log(`| ${cells.join(' | ')} |`);
  for (const { place, from, to, status } of survivors)
    console.log(`    ${status} ${file}:${place}\n      - ${from}\n      + ${to}`);
  const stale = equivalents.filter((known) => !alive.some((change) => isSame(change, known)));
  for (const { line, to } of stale)
    console.log(`    listed as equivalent, but is killed or gone: ${line} -> ${to}`);
  return { passes: score >= LEAST_SCORE && stale.length === 0 && source !== '', killed, told };
}

const wanted = (file) =>
  positionals.length === 0 || positionals.some((part) => file.includes(part));
const filesIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name));
const files = [...new Set([...FOLDERS.flatMap(filesIn), ...Object.keys(OWN_TESTS)])]
  .filter((file) => file.endsWith('.ts') && wanted(file))
  .sort();
const unknown = positionals.filter((part) => !files.some((file) => file.includes(part)));
if (unknown.length > 0) console.log(`no file has this in its path: ${unknown.join(', ')}`);
console.log('| file | mutants | killed | of these by time-out | equivalent | score |');
console.log('| --- | --- | --- | --- | --- | --- |');
const scores = files.map(scoreOf);
const sum = (key) => scores.reduce((total, one) => total + one[key], 0);
const numPassedTests = scores.filter(({ passes }) => passes).length;
const numFailedTests = files.length - numPassedTests;
const success = numFailedTests === 0 && files.length > 0 && unknown.length === 0;
const share = sum('told') > 0 ? (100 * sum('killed')) / sum('told') : 0;
console.log(`${numPassedTests} of ${files.length} files pass; all together ${share.toFixed(1)} %`);
if (values.report)
  writeFileSync(values.report, JSON.stringify({ numPassedTests, numFailedTests, success }));
process.exitCode = success ? 0 : 1;
