// The changesets that wait for a release, and the version that all packages have.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @param {string} root - The repository. */
export function changesets(root) {
  const folder = path.join(root, '.changeset');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => ({ name, content: readFileSync(path.join(folder, name), 'utf8') }));
}

/** @param {string} content @returns What the changelog says, without the lines that name packages. */
export function textOf(content) {
  return content.replace(/^---\n.*?\n---\n/s, '').trim();
}

/** @param {string} root @returns Each package that is published, with its folder. */
export function published(root) {
  const folder = path.join(root, 'packages');
  return readdirSync(folder).map((name) => ({
    folder: path.join(folder, name),
    manifest: JSON.parse(readFileSync(path.join(folder, name, 'package.json'), 'utf8')),
  }));
}

/** @param {string} root @throws Error if two packages differ. */
export function versionOf(root) {
  const versions = new Set(published(root).map(({ manifest }) => manifest.version));
  const [version] = versions;
  if (versions.size !== 1) throw new Error(`the packages differ in version: ${[...versions]}`);
  return String(version);
}
