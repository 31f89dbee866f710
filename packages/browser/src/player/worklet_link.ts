import type { WorkletCommand } from '../shared/worklet/mailbox.ts';
import { RenderLog, type Run } from './render_log.ts';

/** The port of a worklet that plays: samples and commands go in, its log comes back. */
export class WorkletLink {
  readonly log: RenderLog = new RenderLog();
  readonly sampleRateHz: number;
  readonly #port: MessagePort;
  readonly #asked: WorkletCommand[] = [];

  /** @param answered The worklet has obeyed a command; the log is up to date. */
  constructor(
    port: MessagePort,
    sampleRateHz: number,
    answered: (command: WorkletCommand, newRuns: readonly Run[]) => void,
  ) {
    this.#port = port;
    this.sampleRateHz = sampleRateHz;
    port.onmessage = ({ data }) => {
      const newRuns = this.log.take(data as Float64Array);
      const command = this.#asked.shift();
      if (command) answered(command, newRuns);
    };
  }

  /** Takes the samples: the array is the worklet's afterwards. */
  write(samples: Int16Array): void {
    this.#port.postMessage(samples, [samples.buffer as ArrayBuffer]);
  }

  ask(command: WorkletCommand): void {
    this.#asked.push(command);
    this.#port.postMessage(command);
  }

  /** Commands that the worklet has not answered: it answers within some 10 ms while the context runs. */
  get unansweredCount(): number {
    return this.#asked.length;
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.close();
  }
}
