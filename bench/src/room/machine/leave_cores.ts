import { execFileSync } from 'node:child_process';

/**
 * Keeps this process, and everything that it starts from now on, off the upper half of the cores. They are left to the
 * listener's browser, which was started before.
 *
 * In production, agents and server run on machines of their own. On shared cores, a garbage collection in the agents'
 * process delays the browser's audio by 15 to 40 ms, and the jitter buffer adds delay. The browser may use every core:
 * limited to one of two, its sound stopped once for up to a second, half a minute after each page was opened.
 *
 * @returns How many cores were left; 0 with a single core, or without Linux and util-linux.
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
