import { type ChildProcess, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Counts for as long as the process `$0` lives. Where the kernel schedules groups of processes, the group also gets the
 * lowest weight (sched(7), autogroup).
 */
const SPIN = `
echo 19 > /proc/self/autogroup
while kill -0 "$0"; do i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; done`;

/** A spinner that cannot run has ended by then. */
const STARTED_MS = 300;

/** Cores that do not sleep. */
export interface AwakeCores {
  readonly count: number;
  stop(): void;
}

/**
 * Gives each core something to do that yields to everything else (SCHED_IDLE).
 *
 * An idle virtual core is descheduled by its host and runs again only some milliseconds after it has work. Audio sleeps
 * and wakes a hundred times a second, so it would measure the host's other guests. Linux with util-linux only:
 * elsewhere none is kept awake, and the results say so.
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

/** @param core If this process may not use the core, the spinner ends at once. */
function spin(core: number): ChildProcess {
  const command = ['-c', String(core), 'chrt', '--idle', '0', 'sh', '-c', SPIN, `${process.pid}`];
  // A session of its own makes it a group of its own.
  const spinner = spawn('taskset', command, { detached: true, stdio: 'ignore' });
  // There is no such program.
  spinner.on('error', () => {});
  spinner.unref();
  return spinner;
}
