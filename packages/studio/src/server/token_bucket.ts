/** Limits a rate: `perSecond` on average, at most `burst` at once. */
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

  /** @returns Whether one more is allowed now. */
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
