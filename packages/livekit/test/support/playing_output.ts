import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { addMs, type Clock } from '@oncue/core';
import { toEpochMs } from '../../src/index.ts';

/** An output that knows nothing of Oncue and takes as long to play as its audio lasts. */
export class PlayingOutput extends voice.AudioOutput {
  readonly #clock: Clock;
  #startedAtMs: number | undefined;
  #durationMs = 0;
  #cancelEnd: (() => void) | undefined;
  readonly #startsAfterMs: number;

  /** @param startsAfterMs - how long audio takes from here to the ear. */
  constructor(clock: Clock, { startsAfterMs = 0 } = {}) {
    super(undefined, undefined, { pause: false });
    this.#clock = clock;
    this.#startsAfterMs = startsAfterMs;
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    this.#durationMs += (frame.samplesPerChannel * 1000) / frame.sampleRate;
    if (this.#startedAtMs !== undefined) return;
    const startMs = addMs(this.#clock.nowMs(), this.#startsAfterMs);
    this.#startedAtMs = startMs;
    this.#clock.schedule(this.#startsAfterMs, () => this.onPlaybackStarted(toEpochMs(startMs)));
  }

  override flush(): void {
    super.flush();
    if (this.#startedAtMs === undefined) return;
    const leftMs = this.#startedAtMs + this.#durationMs - this.#clock.nowMs();
    this.#cancelEnd = this.#clock.schedule(leftMs, () => this.#end(false));
  }

  override clearBuffer(): void {
    if (this.#startedAtMs !== undefined) this.#end(true);
  }

  /** It loses what it has. */
  protected forget(): void {
    this.#cancelEnd?.();
    this.#startedAtMs = undefined;
    this.#durationMs = 0;
  }

  #end(interrupted: boolean): void {
    const heardMs = Math.min(this.#clock.nowMs() - (this.#startedAtMs ?? 0), this.#durationMs);
    this.forget();
    this.onPlaybackFinished({ playbackPosition: heardMs / 1000, interrupted });
  }
}
