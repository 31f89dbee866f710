// Applies each named mutant to a copy of core, and runs core's unit tests until one fails. Its properties are left out.
// npm run mutation:named [-- part of a file or a name] [-- --report <file>: the counts in the form of Vitest's JSON report]
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVitest } from 'vitest/node';
import { NAMED_MUTANTS } from './named/all.mjs';

const root = new URL('..', import.meta.url).pathname;
const copy = join(root, '.stryker-tmp', 'named');
const { values, positionals } = parseArgs({
  options: { report: { type: 'string' } },
  allowPositionals: true,
});
const [wanted = ''] = positionals;

rmSync(copy, { recursive: true, force: true });
for (const path of ['packages/core/src', 'packages/core/test', 'mutation', 'package.json']) {
  mkdirSync(join(copy, path, '..'), { recursive: true });
  cpSync(join(root, path), join(copy, path), { recursive: true });
}

// One Vitest for all mutants: to start it takes longer than the tests.
const vitest = await createVitest('test', {
  config: join(copy, 'mutation/vitest.config.ts'),
  root: copy,
  exclude: ['**/*.property.test.ts'],
  watch: false,
  isolate: false,
  maxWorkers: 1,
  bail: 1,
  reporters: [{}],
});
const tests = await vitest.globTestSpecifications();

/** The first test that fails, or the file that cannot be loaded; `undefined` if all hold. */
async function firstFailure() {
  const { testModules } = await vitest.runTestSpecifications(tests);
  for (const module of testModules) {
    for (const test of module.children.allTests('failed')) return test.fullName;
    if (module.errors().length > 0) return module.moduleId;
  }
  return undefined;
}

/** @returns Whether a test fails with this mutant. */
async function isKilled({ name, file, from, to }) {
  const path = join(copy, 'packages/core/src', file);
  const code = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (code.split(from).length !== 2) {
    console.log(`GONE      ${file}: ${name}. The code has changed: write the mutant anew`);
    return false;
  }
  writeFileSync(
    path,
    code.replace(from, () => to),
  );
  vitest.invalidateFile(path);
  const failure = await firstFailure();
  writeFileSync(path, code);
  vitest.invalidateFile(path);
  console.log(`${failure ? 'killed  ' : 'SURVIVED'}  ${file}: ${name}`);
  if (failure) console.log(`            ${failure}`);
  return failure !== undefined;
}

const failure = await firstFailure();
if (failure !== undefined) throw new Error(`this fails without any mutant: ${failure}`);
const mutants = NAMED_MUTANTS.filter(({ name, file }) => `${file} ${name}`.includes(wanted));
let killed = 0;
for (const mutant of mutants) if (await isKilled(mutant)) killed += 1;
await vitest.close();
console.log(`${killed} of ${mutants.length} named mutants killed`);
const success = killed === mutants.length && killed > 0;
if (values.report) {
  const counts = { numPassedTests: killed, numFailedTests: mutants.length - killed, success };
  writeFileSync(values.report, JSON.stringify(counts));
}
process.exitCode = success ? 0 : 1;
