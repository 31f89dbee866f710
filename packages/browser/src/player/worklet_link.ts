import { RenderLog, type Run } from './render_log.ts';
import type { WorkletCommand } from './worklet/player_commands.ts';

/** The port of the player's worklet: sends samples and commands, and receives its mailbox. */
export class WorkletLink {
  readonly log: RenderLog = new RenderLog();
  readonly #port: MessagePort;
  readonly #asked: WorkletCommand[] = [];

  /** @param answered Called when the worklet has obeyed a command. The log is up to date. */
  constructor(
    port: MessagePort,
    answered: (command: WorkletCommand, newRuns: readonly Run[]) => void,
  ) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      const newRuns = this.log.take(data as Float64Array);
      const command = this.#asked.shift();
      if (command) answered(command, newRuns);
    };
  }

  /** Sends samples. The array is transferred and must not be used afterwards. */
  write(samples: Int16Array): void {
    this.#port.postMessage(samples, [samples.buffer as ArrayBuffer]);
  }

  ask(command: WorkletCommand): void {
    this.#asked.push(command);
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
