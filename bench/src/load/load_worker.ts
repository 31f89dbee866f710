import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Held, LoadArgs, Order, Window } from './load_messages.ts';

const PROGRAM = fileURLToPath(new URL('./load_process.ts', import.meta.url));

/** A process that holds sessions. */
export class LoadWorker {
  readonly args: LoadArgs;
  readonly #child: ChildProcess;

  private constructor(args: LoadArgs, child: ChildProcess) {
    this.args = args;
    this.#child = child;
  }

  static async start(args: LoadArgs): Promise<LoadWorker> {
    const child = fork(PROGRAM, [JSON.stringify(args)]);
    await once(child, 'message');
    return new LoadWorker(args, child);
  }

  async hold(count: number): Promise<Held> {
    const answer = await this.#ask({ type: 'hold', count });
    if (answer.type !== 'held') throw new Error('the process answered another order');
    return answer.held;
  }

  async measure(forMs: number): Promise<Window> {
    const answer = await this.#ask({ type: 'measure', forMs });
    if (answer.type !== 'measured') throw new Error('the process answered another order');
    return answer.window;
  }

  close(): void {
    this.#child.disconnect();
  }

  /** @throws Error if the process ended. */
  async #ask(order: Order): Promise<Answer> {
    this.#child.send(order);
    const [answer] = (await Promise.race([
      once(this.#child, 'message'),
      once(this.#child, 'exit').then(() => {
        throw new Error('a process that held sessions ended');
      }),
    ])) as [Answer];
    return answer;
  }
}
