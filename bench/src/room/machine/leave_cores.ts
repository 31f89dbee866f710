import { execFileSync } from 'node:child_process';

/**
 * Keeps this process, and what it starts from now on, off the upper half of the cores: they are left to what was started
 * before, the listener's browser.
 *
 * Agents and server have machines of their own elsewhere. On shared cores an agents' process that collects garbage keeps
 * the browser from its audio for 15 to 40 ms, and the jitter buffer answers with more delay. The browser may use every
 * core: kept to one of two, its sound stopped for up to a second, once, half a minute after each page was opened.
 *
 * @returns How many cores were left; 0 where that cannot be: one core only, or no Linux with util-linux.
 */
export function leaveCores(): number {
  let affinity: string;
  try {
    affinity = taskset(String(process.pid));
  } catch {
    return 0;
  }
  const cores = parseCores(affinity.slice(affinity.lastIndexOf(':') + 1));
  const kept = cores.slice(0, Math.ceil(cores.length / 2));
  taskset('--all-tasks', kept.join(','), String(process.pid));
  return cores.length - kept.length;
}

/** @param list As `taskset` prints it: `0,2-4`. */
export function parseCores(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function taskset(...order: readonly string[]): string {
  return execFileSync('taskset', ['--cpu-list', '--pid', ...order], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
