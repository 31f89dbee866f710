import { type ChildProcess, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Counts for as long as the process `$0` lives. The lowest weight among groups of processes as well, where the kernel
 * schedules those (sched(7), autogroup).
 */
const SPIN = `
echo 19 > /proc/self/autogroup
while kill -0 "$0"; do i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; done`;

/** By then one that cannot run has ended. */
const STARTED_MS = 300;

/** Cores that do not sleep. */
export interface AwakeCores {
  readonly count: number;
  stop(): void;
}

/**
 * Gives each core something to do that yields to everything else (SCHED_IDLE).
 *
 * A virtual core without work is given back to its host, and gets it again some milliseconds after it has. Audio, which
 * sleeps and wakes a hundred times a second, then measures the host's other guests. Linux with util-linux only:
 * elsewhere none is kept awake, which is told in the results.
 */
export async function keepAwake(): Promise<AwakeCores> {
  const spinners = cpus().map((_, core) => spin(core));
  await delay(STARTED_MS);
  const running = spinners.filter(({ pid, exitCode }) => pid !== undefined && exitCode === null);
  const stop = (): void => {
    for (const spinner of running) spinner.kill('SIGKILL');
  };
  return { count: running.length, stop };
}

/** @param core One that is not ours to use ends it at once. */
function spin(core: number): ChildProcess {
  const command = ['-c', String(core), 'chrt', '--idle', '0', 'sh', '-c', SPIN, `${process.pid}`];
  // In a session of its own, since that is what makes a group.
  const spinner = spawn('taskset', command, { detached: true, stdio: 'ignore' });
  // There is no such program.
  spinner.on('error', () => {});
  spinner.unref();
  return spinner;
}
