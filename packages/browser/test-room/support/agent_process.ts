import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LivekitServer } from '@oncue/testbed';

const PROGRAM = fileURLToPath(new URL('./talking_process.ts', import.meta.url));

/** An agent in a process of its own, which tells one long story to whoever listens. */
export class AgentProcess {
  readonly #process: ChildProcess;
  readonly #heard: Promise<unknown>;

  private constructor(process: ChildProcess) {
    this.#process = process;
    this.#heard = once(process, 'message');
  }

  /** @returns Before it has joined. */
  static async start(server: LivekitServer, room: string): Promise<AgentProcess> {
    const { url, apiKey, apiSecret } = server;
    const as = JSON.stringify({ server: { url, apiKey, apiSecret }, room });
    const execArgv = ['--conditions=@oncue/source', '--import', 'tsx'];
    return new AgentProcess(fork(PROGRAM, [as], { execArgv }));
  }

  /** A page has reported that it hears the story. */
  async untilHeard(): Promise<void> {
    await this.#heard;
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
