import type { Clock } from '@oncue/core';
import { PlayingOutput } from './playing_output.ts';

type Finish = Parameters<PlayingOutput['onPlaybackFinished']>[0];

/** What the worker behind an output reports. */
export type Reports = 'start_and_end' | 'starts' | 'ends' | 'nothing';

/**
 * An output whose worker can die: it then takes audio, and plays and reports nothing. As with LiveKit's workers, another one
 * may take its place.
 */
export class DyingOutput extends PlayingOutput {
  readonly #clock: Clock;
  readonly #reports: Reports;
  /** How late its reports of an end are, ms. */
  lateMs: number;
  #worker = 1;
  #isDead = false;

  constructor(
    clock: Clock,
    { reports = 'start_and_end', lateMs = 0 }: { reports?: Reports; lateMs?: number } = {},
  ) {
    super(clock);
    this.#clock = clock;
    this.#reports = reports;
    this.lateMs = lateMs;
  }

  /** What it would have reported from now on is never reported. */
  die(): void {
    this.#isDead = true;
    this.#worker += 1;
  }

  /** Another worker takes the audio that comes from now on. */
  replace(): void {
    this.forget();
    this.#isDead = false;
  }

  override onPlaybackStarted(createdAt: number): void {
    if (this.#isDead || this.#reports === 'ends' || this.#reports === 'nothing') return;
    super.onPlaybackStarted(createdAt);
  }

  override onPlaybackFinished(event: Finish): void {
    if (this.#isDead || this.#reports === 'starts' || this.#reports === 'nothing') return;
    const worker = this.#worker;
    const finish = (): void => {
      if (worker === this.#worker) super.onPlaybackFinished(event);
    };
    if (this.lateMs === 0) finish();
    else this.#clock.schedule(this.lateMs, finish);
  }
}
