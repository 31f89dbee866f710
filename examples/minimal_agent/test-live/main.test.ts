import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

// The agent talks for three seconds. The rest allows for a machine that loads LiveKit slowly.
const TIMEOUT_MS = 90_000;

/** Runs the example as a reader would, but with the packages' source instead of their builds. */
async function runExample(): Promise<string[]> {
  const worker = new URL('../../../scripts/tsx_in_workers.mjs', import.meta.url).href;
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const args = ['--conditions=@oncue/source', '--import', worker, '--import', 'tsx', main];
  const { stdout } = await run(process.execPath, args);
  return stdout.trim().split('\n');
}

it('[LK1] the minimal agent: one task a response, and the plain handler sees every state', {
  timeout: TIMEOUT_MS,
}, async () => {
  const lines = await runExample();

  const states = lines.filter((line) => !line.startsWith('task: '));
  const tasks = lines.filter((line) => line.startsWith('task: '));
  expect(states).toEqual([
    'listening',
    'thinking',
    'speaking',
    'thinking',
    'speaking',
    'listening',
  ]);
  expect(tasks).toEqual(['task: look up the way', 'task: open the map']);
  // The state queued between the answers takes effect between their tasks.
  const queued = lines.lastIndexOf('thinking');
  expect(lines.indexOf('task: look up the way')).toBeLessThan(queued);
  expect(lines.indexOf('task: open the map')).toBeGreaterThan(queued);
});
