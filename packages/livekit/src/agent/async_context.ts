import { AsyncLocalStorage } from 'node:async_hooks';

type Values = Readonly<Record<string, unknown>>;

/**
 * The only storage of Oncue. Node keeps the value of each storage with each promise of the process, so a second storage would
 * slow all of them down.
 */
const storage = new AsyncLocalStorage<Values>();

/** A value for all code that is started from here, like an `AsyncLocalStorage`. All contexts share one storage. */
export class AsyncContext<T> {
  readonly #name: string;

  /** @param name - unique. */
  constructor(name: string) {
    this.#name = name;
  }

  getStore(): T | undefined {
    return storage.getStore()?.[this.#name] as T | undefined;
  }

  /** Runs a function, and all that it starts, with this value. */
  run<R>(value: T, work: () => R): R {
    return this.getStore() === value ? work() : storage.run(this.#with(value), work);
  }

  /** Sets the value for the rest of the running code, and for all that it starts. */
  enterWith(value: T): void {
    if (this.getStore() !== value) storage.enterWith(this.#with(value));
  }

  #with(value: T): Values {
    return { ...storage.getStore(), [this.#name]: value };
  }
}
