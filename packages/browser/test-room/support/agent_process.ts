import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AgentMs, OncueEvent, OncueEventOf } from '@oncue/core';
import type { LivekitServer } from '@oncue/testbed';
import { expect, vi } from 'vitest';
import { SOON } from './after_faults.ts';
import type { Script } from './talking_agent.ts';

const PROGRAM = fileURLToPath(new URL('./talking_process.ts', import.meta.url));

/** An agent in a process of its own, which says one turn to whoever listens. */
export class AgentProcess {
  /** What it has reported. `atMs` is an instant of `performance.now()` of this process. */
  readonly events: OncueEvent[] = [];
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (event: OncueEvent) => {
      const atMs = (event.atMs - performance.timeOrigin) as AgentMs;
      this.events.push({ ...event, atMs });
    });
  }

  /** @returns Before it has joined. */
  static async start(
    server: LivekitServer,
    of: { readonly room: string; readonly script: Script },
  ): Promise<AgentProcess> {
    const { url, apiKey, apiSecret } = server;
    const as = JSON.stringify({ server: { url, apiKey, apiSecret }, ...of });
    const execArgv = ['--conditions=@oncue/source', '--import', 'tsx'];
    return new AgentProcess(fork(PROGRAM, [as], { execArgv }));
  }

  of<T extends OncueEvent['type']>(type: T): OncueEventOf<T>[] {
    return this.events.filter((event): event is OncueEventOf<T> => event.type === type);
  }

  /** Which response each task that ran belongs to, by its index. */
  get tasks(): number[] {
    return this.of('task_finished').map(({ index }) => index);
  }

  /** A page has reported that it hears it, for half a second. */
  async untilHeard(): Promise<void> {
    await vi.waitFor(() => {
      expect(this.of('response_playback_progressed').at(-1)?.heardMs).toBeGreaterThan(500);
    }, SOON);
  }

  /** Each of so many responses has ended. */
  async untilEnded(responses: number): Promise<void> {
    await vi.waitFor(() => {
      const ends = [...this.of('response_playback_finished'), ...this.of('response_skipped')];
      expect(ends).toHaveLength(responses);
    }, SOON);
  }

  /** It does nothing for some time, as on a machine that was suspended. */
  async stopFor(ms: number): Promise<void> {
    this.#process.kill('SIGSTOP');
    await wait(ms);
    this.#process.kill('SIGCONT');
  }

  /** Kills it as the system does that has no memory left: it can do nothing more. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  close(): Promise<void> {
    return this.kill();
  }
}
