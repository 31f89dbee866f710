import { OutputClock, type OutputReading, type PageInstant } from '../../shared/output_clock.ts';
import type { PageMs } from '../../shared/page_clock.ts';
import { STALL_MS, STALLS_DENIED } from '../tuning.ts';

/**
 * The output's clock as the player needs it: it also uses what the worklet has not rendered yet. The readings come from the page's
 * main thread, and tell of a stall of the output (a busy machine, a page that was stopped) only later. Until then a response
 * would be said to have sounded before it was rendered.
 *
 * Pure: every call passes its instants.
 */
export class PlayerClock {
  #clock: OutputClock = new OutputClock();
  /** As it was before the last stall. */
  #before: OutputClock = this.#clock;
  /** The last reading before the last stall. What was rendered later may have sounded before it or after it. */
  #sureUntilMs = Number.NEGATIVE_INFINITY;
  /** The first frame that was rendered after the last stall. */
  #stalledAtMs = Number.NEGATIVE_INFINITY;
  /** How much later a frame sounds than before the last stall. */
  #stepMs = 0;
  /**
   * While no reading has told of the last stall: when the output was seen to be behind. The page clock minus
   * context time is at least `leastOffsetMs`, unless it has caught up since.
   */
  #stall: { readonly seenAtMs: PageMs; readonly leastOffsetMs: number } | undefined;
  /** So many of the last stalls were denied by the next reading. */
  #deniedCount = 0;
  #readContextMs = Number.NEGATIVE_INFINITY;
  /** The readings may be so early by themselves, as their bound says. */
  #toleranceMs = STALL_MS;

  /** Whether there has been a reading. */
  get isSet(): boolean {
    return this.errorBoundMs !== undefined;
  }

  /** Of the instants that `toPage` returns, but for those at a stall; `undefined` before the first reading. */
  get errorBoundMs(): number | undefined {
    return this.#clock.toPage(0)?.errorBoundMs;
  }

  /** Takes a reading. */
  add(reading: OutputReading): void {
    const { contextMs, atMs } = reading;
    if (this.#stall) {
      // The browser may repeat what it knew before the stall.
      if (atMs < this.#stall.seenAtMs) return;
      // An output that renders faster for a moment makes up for a stall.
      const isDenied = atMs - contextMs < this.#stall.leastOffsetMs - STALL_MS;
      this.#deniedCount = isDenied ? this.#deniedCount + 1 : 0;
      this.#stepMs = atMs - (this.#clock.toPage(contextMs)?.atMs ?? atMs);
      this.#before = this.#clock;
      this.#clock = new OutputClock();
      this.#stall = undefined;
    }
    this.#clock.add(reading);
    this.#readContextMs = contextMs;
    this.#toleranceMs = STALL_MS + reading.extraBoundMs;
  }

  /**
   * The frame at `contextMs` had not been rendered at `atMs`, so it sounds later. If it sounded before by the readings, the output
   * has stood still since the last one. Where readings say otherwise again and again, they are believed.
   */
  notYetRendered(contextMs: number, atMs: PageMs): void {
    if (this.#stall || this.#deniedCount >= STALLS_DENIED) return;
    if ((this.#clock.toPage(contextMs)?.atMs ?? atMs) >= atMs - this.#toleranceMs) return;
    this.#stalledAtMs = contextMs;
    this.#sureUntilMs = this.#readContextMs;
    this.#stall = { seenAtMs: atMs, leastOffsetMs: atMs - contextMs };
  }

  /** Forgets all readings, because the device has changed. */
  reset(): void {
    this.#clock = this.#before = new OutputClock();
    this.#sureUntilMs = this.#stalledAtMs = Number.NEGATIVE_INFINITY;
    this.#stall = undefined;
    this.#deniedCount = 0;
  }

  /**
   * When the frame at `contextMs` of the context's timeline sounds; `undefined` before the first reading, and of a frame that may
   * sound after a stall of which no reading has told.
   */
  toPage(contextMs: number): PageInstant | undefined {
    const isSure = contextMs <= this.#sureUntilMs;
    if (this.#stall && !isSure) return undefined;
    const isBefore = !this.#stall && contextMs < this.#stalledAtMs;
    const instant = (isBefore ? this.#before : this.#clock).toPage(contextMs);
    // Rendered before the stall, it waited in the device, and sounded before the stall or after it.
    const stepMs = isBefore && !isSure ? this.#stepMs : 0;
    return instant && { ...instant, errorBoundMs: instant.errorBoundMs + Math.abs(stepMs) };
  }

  /** What sounds now, at `pageMs`, on the context's timeline; `undefined` before the first reading. */
  toContextMs(pageMs: PageMs): number | undefined {
    const contextMs = this.#clock.toContextMs(pageMs);
    const isStalled = contextMs !== undefined && this.#stall;
    return isStalled ? Math.min(contextMs, this.#sureUntilMs) : contextMs;
  }
}
