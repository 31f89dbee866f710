import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Starts something, a browser, on cores of its own, as a listener has a machine of its own: what is started keeps to the
 * first half of the cores, this process and all that it starts later to the others. Where there is one core, or no
 * `taskset` (util-linux), they share.
 */
export async function onOwnCores<T>(
  start: () => Promise<T>,
): Promise<{ readonly started: T; readonly cores: 'own' | 'shared' }> {
  const count = availableParallelism();
  const half = Math.floor(count / 2);
  // A process keeps to the cores of the one that starts it.
  if (half === 0 || !keepTo(0, half - 1)) return { started: await start(), cores: 'shared' };
  try {
    return { started: await start(), cores: 'own' };
  } finally {
    keepTo(half, count - 1);
  }
}

/** All threads of this process. @returns Whether they do. */
function keepTo(first: number, last: number): boolean {
  const { status } = spawnSync('taskset', ['-acp', `${first}-${last}`, `${process.pid}`]);
  return status === 0;
}
