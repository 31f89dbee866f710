import type {
  ReadableStream,
  ReadableStreamDefaultReader,
  ReadableStreamReadResult,
} from 'node:stream/web';

type Result<T> = ReadableStreamReadResult<T>;

/**
 * Reads a stream one chunk at a time, and says without waiting whether the next chunk is there already. At most one chunk is
 * read ahead.
 */
export class ReadyChunks<T> {
  readonly #reader: ReadableStreamDefaultReader<T>;
  #pending: Promise<Result<T>> | undefined;
  #settled: Result<T> | undefined;

  constructor(stream: ReadableStream<T>) {
    this.#reader = stream.getReader();
  }

  /** Whether a chunk was asked for and has not come. */
  get isWaiting(): boolean {
    return this.#pending !== undefined && this.#settled === undefined;
  }

  /** The next chunk. Rejects with the error of the stream. */
  async next(): Promise<Result<T>> {
    this.#ask();
    const result = this.#settled ?? (await this.#pending);
    this.#taken();
    return result as Result<T>;
  }

  /** The next chunk if it is there already. An error of the stream counts as not there: `next` gives it. */
  async ready(): Promise<Result<T> | undefined> {
    this.#ask();
    // A chunk in the stream's queue settles the read within one turn of the microtasks.
    await null;
    const result = this.#settled;
    if (result) this.#taken();
    return result;
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }

  #ask(): void {
    if (this.#pending !== undefined) return;
    const pending = this.#reader.read();
    this.#pending = pending;
    pending.then(
      (result) => {
        if (this.#pending === pending) this.#settled = result;
      },
      // Whoever awaits `next` gets it.
      () => {},
    );
  }

  #taken(): void {
    this.#pending = undefined;
    this.#settled = undefined;
  }
}
