import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { read } from './support/repository.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of package.json without npm, which takes a second of its own. */
function run(script: string, arg: string): Promise<Ended> {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const command = `node_modules/.bin/${scripts[script]} ${arg}`;
  const child = spawn(command, { shell: true, cwd: new URL('..', import.meta.url).pathname });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe.concurrent('commands of this repository', () => {
  it.each(['bench', 'conformance', 'fuzz', 'simulate'])(
    'npm run %s -- --help prints the usage',
    async (script) => {
      const { code, stdout, stderr } = await run(script, '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.startsWith(`npm run ${script} -- `)).toBe(true);
    },
  );

  it('a wrong option prints one line about it, and the usage', async () => {
    const { code, stdout, stderr } = await run('conformance', '--nonsense');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Unknown option '--nonsense'\n\nnpm run conformance -- /);
  });
});
