import { Worker } from 'node:worker_threads';
import { EmbeddedError } from '../errors.ts';
import type { MoonshineMessage } from './moonshine_protocol.ts';

interface Task {
  readonly resolve: (text: string) => void;
  readonly reject: (error: EmbeddedError) => void;
}

/** One worker thread that runs Moonshine. It starts at the first request, or by `start`. @internal */
export class MoonshineHost {
  readonly #entry: string;
  readonly #tasks = new Map<number, Task>();
  #worker: Worker | undefined;
  #nextId = 1;
  #isClosed = false;

  /** @param entry The main file of `@usefulsensors/moonshine-js`. */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** Loads the model in two to four seconds. The thread keeps the process alive only while it works. */
  start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('../../worker/moonshine_worker.js', import.meta.url), {
      name: 'oncue-moonshine',
      execArgv: [],
      workerData: { entry: this.#entry },
    });
    this.#worker = worker;
    worker.on('message', (message: MoonshineMessage) => this.#receive(message));
    const onEnd = (cause: unknown): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const reason = cause instanceof Error ? cause.message : `exit code ${String(cause)}`;
      const message = `the recognizer ended: ${reason}. Try again: the next request starts a new one`;
      this.#failAll(new EmbeddedError('EMBEDDED_STT_FAILED', message, { cause }));
    };
    worker.on('error', onEnd);
    worker.on('exit', onEnd);
    worker.unref();
    return worker;
  }

  /**
   * @param samples Mono at 16 kHz, from -1 to 1. The array is moved to the worker: do not use it again.
   * @throws {EmbeddedError} `EMBEDDED_STT_FAILED`, `EMBEDDED_CLOSED`.
   */
  recognize(samples: Float32Array<ArrayBuffer>): Promise<string> {
    if (this.#isClosed) return Promise.reject(closedError());
    const worker = this.start();
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#tasks.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, samples }, [samples.buffer]);
    });
  }

  /** Unfinished requests fail with `EMBEDDED_CLOSED`. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#failAll(closedError());
    await worker?.terminate();
  }

  #receive(message: MoonshineMessage): void {
    if (message.type === 'ready') return;
    const task = this.#tasks.get(message.id);
    this.#tasks.delete(message.id);
    if (this.#tasks.size === 0) this.#worker?.unref();
    if (message.type === 'done') task?.resolve(message.text);
    else {
      const text = `recognition failed: ${message.message}. The next utterance is not affected`;
      task?.reject(new EmbeddedError('EMBEDDED_STT_FAILED', text));
    }
  }

  #failAll(error: EmbeddedError): void {
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    for (const task of tasks) task.reject(error);
  }
}

function closedError(): EmbeddedError {
  return new EmbeddedError('EMBEDDED_CLOSED', 'this MoonshineSTT is closed; make a new one');
}
