// How scripts/node_programs.mjs keeps other versions of Node. The npm is one of this test, which downloads nothing.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nodeProgram } from '../scripts/node_programs.mjs';

const NAME = `node-${process.platform}-${process.arch}`;
/** Inside the folder in which npm installs. */
const PROGRAM = path.join('node_modules', NAME, 'bin', 'node');

let folder: string;
let kept: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'oncue-node-programs-'));
  kept = path.join(folder, 'kept');
  vi.stubEnv('PATH', `${folder}${path.delimiter}${process.env['PATH']}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** What `npm install` does, as a script for a shell in the folder in which it installs. */
function npmDoes(script: string): void {
  writeFileSync(path.join(folder, 'npm'), `#!/bin/sh\nset -e\n${script}\n`, { mode: 0o755 });
}

const writes = (text: string, into = '.'): string =>
  `mkdir -p "${into}/$(dirname ${PROGRAM})"; printf ${text} > "${into}/${PROGRAM}"`;

it('installs a version once', () => {
  npmDoes(`${writes('first')}; echo x >> ${folder}/runs`);

  const program = nodeProgram('22', kept);

  expect(readFileSync(program, 'utf8')).toBe('first');
  expect(nodeProgram('22', kept)).toBe(program);
  expect(readFileSync(path.join(folder, 'runs'), 'utf8')).toBe('x\n');
});

it('takes the program of another process that was faster, and nobody sees a part of its own', () => {
  const seen = path.join(folder, 'seen');
  npmDoes(
    `LC_ALL=C ls ${kept}/22 > ${seen} 2>&1 || true; ${writes('slow')}; ${writes('fast', `${kept}/22`)}`,
  );

  expect(readFileSync(nodeProgram('22', kept), 'utf8')).toBe('fast');
  expect(readFileSync(seen, 'utf8')).toMatch(/No such file/);
  expect(readdirSync(kept)).toEqual(['22']);
});

it('replaces what an installation has left that was broken off', () => {
  mkdirSync(path.join(kept, '22', 'node_modules'), { recursive: true });
  npmDoes(writes('whole'));

  expect(readFileSync(nodeProgram('22', kept), 'utf8')).toBe('whole');
  expect(readdirSync(kept)).toEqual(['22']);
});

it('leaves nothing of an installation that failed', () => {
  npmDoes('exit 1');

  expect(() => nodeProgram('22', kept)).toThrow(`npm could not install ${NAME}@22`);
  expect(readdirSync(kept)).toEqual([]);
});
