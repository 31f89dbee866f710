import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LivekitServer } from '@oncue/testbed';

const AGENT = fileURLToPath(new URL('./agent.ts', import.meta.url));
const READY = /registered worker/;
const READY_WITHIN_MS = 90_000;

/** A worker of LiveKit, as an operator starts it: `node agent.js start`. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit');
  }

  /** @returns Once it is registered with the server. @throws Error with its log if it is not. */
  static async start(server: LivekitServer): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [...process.execArgv, AGENT, 'start'], {
      env: {
        ...process.env,
        LIVEKIT_URL: server.url,
        LIVEKIT_API_KEY: server.apiKey,
        LIVEKIT_API_SECRET: server.apiSecret,
        LOG_LEVEL: 'info',
        NODE_ENV: 'production',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const worker = new WorkerProcess(child);
    const keep = (data: Buffer): void => {
      log = (log + data.toString()).slice(-10_000);
    };
    child.stderr?.on('data', keep);
    child.stdout?.on('data', keep);
    const endMs = performance.now() + READY_WITHIN_MS;
    while (!READY.test(log)) {
      if (performance.now() > endMs || child.exitCode !== null)
        throw new Error(`the worker was not ready:\n${log}`);
      await Promise.race([
        worker.#ended,
        new Promise<void>((resolve) => {
          setTimeout(resolve, 100);
        }),
      ]);
    }
    return worker;
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** @returns Whether it ended in time. */
  async ended(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, withinMs, false);
    });
    const inTime = await Promise.race([this.#ended.then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }
}
