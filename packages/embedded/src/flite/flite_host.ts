import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { EmbeddedError } from '../errors.ts';
import type { FliteJob, FliteMessage, FliteRequest, FliteSpeech } from './flite_protocol.ts';

/**
 * How long a worker may take to load and compile flite.
 *
 * Compiling its 21 MB takes 0.2 s on an idle core. The limit leaves room for a machine that swaps or a
 * throttled container.
 */
const START_TIMEOUT_MS = 20_000;

/** @internal */
export interface FliteHostOptions {
  readonly clock: Clock;
  readonly synthesisTimeoutMs: number;
  readonly spawnWorker: () => Worker;
}

interface Task {
  readonly job: FliteJob;
  settle(result: { speech?: FliteSpeech; error?: EmbeddedError }): void;
  isSettled: boolean;
}

/**
 * Starts the thread that runs flite. `execArgv` is empty because the file needs no loader, and an
 * inherited loader would triple the start time.
 * @internal
 */
export function spawnFliteWorker(): Worker {
  return new Worker(new URL('../../worker/flite_worker.js', import.meta.url), {
    name: 'oncue-flite',
    execArgv: [],
  });
}

/**
 * Runs flite in one worker thread, one utterance at a time, and replaces the thread when it hangs or
 * dies.
 *
 * The thread starts at the first request. It keeps the process alive only while a request runs.
 *
 * @internal
 */
export class FliteHost {
  readonly #options: FliteHostOptions;
  readonly #waiting: Task[] = [];
  #current: Task | undefined;
  #worker: Worker | undefined;
  #isReady = false;
  #isClosed = false;
  #nextId = 1;
  #stopWatchdog: () => void = () => {};

  constructor(options: FliteHostOptions) {
    this.#options = options;
  }

  /**
   * @returns The speech, or undefined once `signal` aborts.
   * @throws {EmbeddedError} `EMBEDDED_TTS_TIMEOUT`, `EMBEDDED_TTS_FAILED`, `EMBEDDED_CLOSED`.
   */
  synthesize(request: FliteRequest, signal?: AbortSignal): Promise<FliteSpeech | undefined> {
    if (signal?.aborted) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => task.settle({});
      const task: Task = {
        job: { ...request, id: this.#nextId++ },
        isSettled: false,
        settle: ({ speech, error }) => {
          if (task.isSettled) return;
          task.isSettled = true;
          signal?.removeEventListener('abort', onAbort);
          if (error) reject(error);
          else resolve(speech);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (this.#isClosed) task.settle({ error: closedError() });
      else {
        this.#waiting.push(task);
        this.#pump();
      }
    });
  }

  /** Ends the thread; unfinished requests fail with `EMBEDDED_CLOSED`. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const unfinished = [...(this.#current ? [this.#current] : []), ...this.#waiting.splice(0)];
    const worker = this.#dropWorker();
    for (const task of unfinished) task.settle({ error: closedError() });
    await worker?.terminate();
  }

  /** Sends the next request to the worker if it is free; starts a worker if there is none. */
  #pump(): void {
    if (this.#current || this.#isClosed) return;
    let next = this.#waiting.shift();
    while (next?.isSettled) next = this.#waiting.shift();
    if (!next) {
      this.#worker?.unref();
      return;
    }
    this.#current = next;
    this.#startWorker().ref();
    if (this.#isReady) this.#post(next);
    else this.#watch(START_TIMEOUT_MS, 'the flite worker did not start');
  }

  #post(task: Task): void {
    this.#watch(
      this.#options.synthesisTimeoutMs,
      `flite did not finish ${task.job.text.length} characters`,
    );
    this.#worker?.postMessage(task.job);
  }

  #watch(boundMs: number, what: string): void {
    this.#stopWatchdog();
    this.#stopWatchdog = this.#options.clock.schedule(boundMs, () => {
      const message = `${what} within ${boundMs} ms; the worker is replaced. Raise synthesisTimeoutMs if this machine is slow`;
      this.#replaceWorker(new EmbeddedError('EMBEDDED_TTS_TIMEOUT', message));
    });
  }

  #startWorker(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#options.spawnWorker();
    this.#worker = worker;
    worker.on('message', (message: FliteMessage) => {
      if (this.#worker === worker) this.#receive(message);
    });
    const onEnd = (cause: unknown): void => {
      if (this.#worker !== worker) return; // we replaced or closed it
      const reason = cause instanceof Error ? cause.message : `exit code ${String(cause)}`;
      const message = `the flite worker ended: ${reason}. Try again: the next request starts a new worker`;
      this.#replaceWorker(new EmbeddedError('EMBEDDED_TTS_FAILED', message, { cause }));
    };
    worker.on('error', onEnd);
    worker.on('exit', onEnd);
    worker.unref();
    return worker;
  }

  #receive(message: FliteMessage): void {
    const task = this.#current;
    if (message.type === 'ready') {
      this.#isReady = true;
      if (task) this.#post(task);
      return;
    }
    if (task?.job.id !== message.id) return;
    this.#stopWatchdog();
    this.#current = undefined;
    if (message.type === 'done') task.settle({ speech: message.speech });
    else {
      const text = `flite failed on ${task.job.text.length} characters: ${message.message}. Try again, or shorten the sentence`;
      task.settle({ error: new EmbeddedError('EMBEDDED_TTS_FAILED', text) });
    }
    this.#pump();
  }

  /** The current request fails; waiting requests get a new worker. */
  #replaceWorker(error: EmbeddedError): void {
    const task = this.#current;
    void this.#dropWorker()?.terminate();
    task?.settle({ error });
    this.#pump();
  }

  #dropWorker(): Worker | undefined {
    const worker = this.#worker;
    this.#stopWatchdog();
    this.#worker = undefined;
    this.#current = undefined;
    this.#isReady = false;
    return worker;
  }
}

function closedError(): EmbeddedError {
  return new EmbeddedError('EMBEDDED_CLOSED', 'this FliteTTS is closed; make a new one');
}
