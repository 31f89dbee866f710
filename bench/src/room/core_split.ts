import { execFileSync } from 'node:child_process';

/** The cores of this machine as those of two. */
export interface CoreSplit {
  /** For the listener's browser. */
  readonly listener: readonly number[];
  /** For the agents, the server and the network. */
  readonly agents: readonly number[];
}

/**
 * Halves the cores between the listener and all the rest. Those are machines of their own elsewhere; on shared cores an
 * agents' process that collects garbage keeps the browser from its audio for 15 to 40 ms, at the start of a response
 * mostly, and the jitter buffer answers with more delay.
 *
 * @returns `undefined` where that cannot be: one core only, or no Linux with util-linux.
 */
export function splitCores(): CoreSplit | undefined {
  let told: string;
  try {
    told = taskset(String(process.pid));
  } catch {
    return undefined;
  }
  const cores = parseCores(told.slice(told.lastIndexOf(':') + 1));
  const half = Math.floor(cores.length / 2);
  if (half === 0) return undefined;
  return { listener: cores.slice(half), agents: cores.slice(0, half) };
}

/** This process, and what it starts from now on, runs on these only. */
export function stayOn(cores: readonly number[]): void {
  taskset('--all-tasks', cores.join(','), String(process.pid));
}

/** @param list As `taskset` tells it: `0,2-4`. */
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
