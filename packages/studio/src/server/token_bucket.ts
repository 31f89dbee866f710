/** Lets through so many a second, with a burst of as many as it holds. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #nowMs: () => number;
  #tokens: number;
  #filledAtMs: number;

  constructor(of: { readonly perSecond: number; readonly burst: number }, nowMs: () => number) {
    this.#perSecond = of.perSecond;
    this.#burst = of.burst;
    this.#nowMs = nowMs;
    this.#tokens = of.burst;
    this.#filledAtMs = nowMs();
  }

  /** @returns Whether one more may pass now. */
  take(): boolean {
    const atMs = this.#nowMs();
    const gained = ((atMs - this.#filledAtMs) * this.#perSecond) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#filledAtMs = atMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
