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
  it.each(['bench', 'conformance', 'fuzz', 'room', 'simulate'])(
    'npm run %s -- --help prints the usage',
    async (script) => {
      const { code, stdout, stderr } = await run(script, '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.startsWith(`npm run ${script} -- `)).toBe(true);
    },
  );

  it.each([
    ['conformance', '--nonsense', "Unknown option '--nonsense'"],
    ['conformance', '--kind clock --without clock --exec true', '--without leaves no kind to ask'],
    ['room', '--no-opn', "Unknown option '--no-opn'"],
    ['room', '--openai', 'only Studio takes an agent file, --port and --openai; add --studio'],
  ])('npm run %s -- %s prints one line about it, and the usage', async (script, args, line) => {
    const { code, stdout, stderr } = await run(script, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith(`${line}\n\nnpm run ${script} -- `)).toBe(true);
  });

  it('[PC2] npm run conformance ends after an error, also if the program has started another that goes on', async () => {
    // This ends when all have ended that have its output.
    const { code, stderr } = await run(
      'conformance',
      `--kind clock --exec "echo '{}'; sleep 300; true"`,
    );
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'the answer to question 0 has id undefined\n',
    });
  });
});
