import type { PageMs } from '../../shared/page_clock.ts';
import type { WorkletCommand } from '../worklet/player_commands.ts';
import { RenderLog, type Run } from './render_log.ts';

/** A command, and when it was sent. What the worklet had not rendered when it obeyed it rendered later than that. */
export interface Asked {
  readonly command: WorkletCommand;
  readonly atMs: PageMs;
}

/** The port of the player's worklet: sends samples and commands, and receives its mailbox. */
export class WorkletLink {
  readonly log: RenderLog = new RenderLog();
  readonly #port: MessagePort;
  readonly #now: () => PageMs;
  readonly #asked: Asked[] = [];

  /** @param answered Called when the worklet has obeyed a command. The log is up to date. */
  constructor(
    port: MessagePort,
    now: () => PageMs,
    answered: (asked: Asked, newRuns: readonly Run[]) => void,
  ) {
    this.#port = port;
    this.#now = now;
    port.onmessage = ({ data }) => {
      const newRuns = this.log.take(data as Float64Array);
      const asked = this.#asked.shift();
      if (asked) answered(asked, newRuns);
    };
  }

  /** Sends samples. The array is transferred and must not be used afterwards. */
  write(samples: Int16Array): void {
    this.#port.postMessage(samples, [samples.buffer as ArrayBuffer]);
  }

  ask(command: WorkletCommand): void {
    this.#asked.push({ command, atMs: this.#now() });
    this.#port.postMessage(command);
  }

  /** Commands that the worklet has not answered yet. While the context runs, it answers within about 10 ms. */
  get unansweredCount(): number {
    return this.#asked.length;
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.close();
  }
}
