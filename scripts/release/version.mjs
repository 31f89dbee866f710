// Prepares a release: moves the texts of the changesets into CHANGELOG.md, and sets the new version in each package.json.
//
//   npm run release:version
//
// Without a changeset the version stays, and only CHANGELOG.md gets its heading. Look at the diff and commit it.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { changesets, textOf, versionOf } from './changesets.mjs';

const UNRELEASED = '## Unreleased';

/**
 * @param {string} changelog
 * @param {string} version
 * @param {readonly string[]} texts - One for each changeset.
 * @returns The changelog with the section *Unreleased* under the version, and the texts at the end of that section.
 */
export function released(changelog, version, texts) {
  const added = texts.map((text) => `- ${text.replaceAll('\n', '\n  ')}`).join('\n');
  const [before = '', after = ''] = changelog.split(UNRELEASED);
  const next = after.search(/^## /m);
  const section = (next < 0 ? after : after.slice(0, next)).trimEnd();
  const older = next < 0 ? '' : `\n\n${after.slice(next).trimEnd()}`;
  const parts = [`## ${version}${section}`, added].filter((part) => part !== '');
  return `${before}${parts.join(section === '' ? '\n\n' : '\n')}${older}\n`;
}

/** @param {string} root */
function main(root) {
  const texts = changesets(root).map(({ content }) => textOf(content));
  if (texts.length > 0) {
    const { status } = spawnSync('npx', ['changeset', 'version'], { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  }
  const file = path.join(root, 'CHANGELOG.md');
  const version = versionOf(root);
  const changelog = readFileSync(file, 'utf8');
  const withHeading = changelog.includes(UNRELEASED)
    ? changelog
    : changelog.replace('# Changelog\n', `# Changelog\n\n${UNRELEASED}\n`);
  writeFileSync(file, released(withHeading, version, texts));
  spawnSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`${version}: look at the diff, and commit it`);
}

if (argv[1] === fileURLToPath(import.meta.url))
  main(fileURLToPath(new URL('../..', import.meta.url)));
