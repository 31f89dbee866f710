import type { Clock } from '@oncue/core';
import { PlayingOutput } from './playing_output.ts';

type Finish = Parameters<PlayingOutput['onPlaybackFinished']>[0];

/** An output whose worker can die: from then on it takes audio, and reports nothing until it is revived, if ever. */
export class DyingOutput extends PlayingOutput {
  readonly #clock: Clock;
  readonly #lateMs: number;
  #isDead = false;
  #unreported: Array<() => void> = [];

  /** @param lateMs - how late its reports of an end are. */
  constructor(clock: Clock, { lateMs = 0 } = {}) {
    super(clock);
    this.#clock = clock;
    this.#lateMs = lateMs;
  }

  die(): void {
    this.#isDead = true;
  }

  /** Reports what it played meanwhile. */
  revive(): void {
    this.#isDead = false;
    for (const report of this.#unreported.splice(0)) report();
  }

  override onPlaybackStarted(createdAt: number): void {
    this.#report(() => super.onPlaybackStarted(createdAt));
  }

  override onPlaybackFinished(event: Finish): void {
    const finish = (): void => super.onPlaybackFinished(event);
    this.#report(this.#lateMs === 0 ? finish : () => this.#clock.schedule(this.#lateMs, finish));
  }

  #report(report: () => void): void {
    if (this.#isDead) this.#unreported.push(report);
    else report();
  }
}
