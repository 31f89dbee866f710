// Publishes every package that the registry does not have in its version yet, with provenance, and tags the commit.
//
//   npm run release -- --dry-run    on any machine: what would be published
//   npm run release                 in the workflow "Release", which a person starts
//
// Provenance says which commit and which run built a package. Only a hosted run can sign that, so npm refuses it elsewhere.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { changesets, published, versionOf } from './changesets.mjs';

/**
 * @param {{ readonly version: string, readonly pending: readonly string[], readonly changes: string, readonly changelog: string, readonly canSign: boolean }} state
 * @returns What must be done first; empty if nothing.
 */
export function obstacles({ version, pending, changes, changelog, canSign }) {
  const found = [];
  if (changes !== '') found.push(`commit these changes first:\n${changes}`);
  if (pending.length > 0)
    found.push(`run "npm run release:version" and commit: ${pending.join(', ')} is not released`);
  if (!changelog.includes(`\n## ${version}\n`))
    found.push(`run "npm run release:version": CHANGELOG.md has no section ${version}`);
  if (!canSign) found.push('start the workflow "Release": provenance cannot be signed here');
  return found;
}

/** @param {string} program @param {readonly string[]} args @param {string} cwd */
function run(program, args, cwd) {
  const { status } = spawnSync(program, args, {
    cwd,
    stdio: 'inherit',
    env: { ...env, NPM_CONFIG_PROVENANCE: 'true' },
  });
  if (status !== 0) process.exit(1);
}

/** @param {string} root @param {boolean} isDryRun */
function main(root, isDryRun) {
  const git = ['status', '--porcelain'];
  const found = obstacles({
    version: versionOf(root),
    pending: changesets(root).map(({ name }) => name),
    changes: spawnSync('git', git, { cwd: root, encoding: 'utf8' }).stdout.trimEnd(),
    changelog: readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8'),
    canSign: env['ACTIONS_ID_TOKEN_REQUEST_URL'] !== undefined,
  });
  for (const obstacle of found) console.error(obstacle);
  if (found.length > 0 && !isDryRun) process.exit(1);
  run('npm', ['run', 'build'], root);
  if (!isDryRun) return run('npx', ['changeset', 'publish'], root);
  for (const { folder } of published(root))
    run('npm', ['publish', '--dry-run', '--access', 'public'], folder);
}

if (argv[1] === fileURLToPath(import.meta.url))
  main(fileURLToPath(new URL('../..', import.meta.url)), argv.includes('--dry-run'));
