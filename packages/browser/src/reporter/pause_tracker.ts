import type { Left } from '@oncue/core/wire';
import { NEVER } from '../shared/never.ts';
import { FRAMES_PER_MS } from './frame_rate.ts';
import type { HeardTrack } from './response/heard_track.ts';
import type { Rendered } from './response/rendered.ts';
import { RESUMED_WITHIN_MS, USUAL_PATH_MS } from './tuning.ts';

/** Where playout stands still, from the agent's `pause` and `resume` and from what is rendered. Pure. */
export class PauseTracker {
  /** What the worklet has rendered, as of its last mail. */
  rendered: Rendered = { frames: 0, onsetFrame: -1, loudUntilFrame: -1, packets: [] };
  #isPaused = false;
  /** Set by a pause that did not say what had been sent: the playhead stops where the sound does. */
  #pausedAtFrame: number | undefined;
  #resumedAtFrame = 0;

  /** What was paused will not go on: it was cut, or nobody follows it any more. */
  forget(): void {
    this.#isPaused = false;
    this.#pausedAtFrame = undefined;
  }

  /**
   * What had been sent still sounds; nothing follows it.
   *
   * @param tracks In the order in which they play.
   * @param left What had been sent, if the agent said so.
   */
  pause(tracks: readonly HeardTrack[], left: Left | undefined): void {
    this.#isPaused = true;
    const index = tracks.findIndex(({ responseId }) => responseId === left?.responseId);
    if (!left || index < 0) {
      this.#pausedAtFrame ??= this.rendered.frames;
      return;
    }
    tracks[index]?.holdAfter(left.samples);
    for (const track of tracks.slice(index + 1)) track.holdAfter(0);
  }

  resume(tracks: readonly HeardTrack[]): void {
    this.#isPaused = false;
    this.#resumedAtFrame = this.rendered.frames;
    if (this.#pausedAtFrame === undefined) return;
    const frame = this.clampToPause(NEVER);
    this.#pausedAtFrame = undefined;
    for (const track of tracks) track.holdAt(frame);
  }

  /** Takes what has been rendered, and releases a held track once playout has resumed. */
  render(rendered: Rendered, tracks: readonly HeardTrack[]): void {
    const isOnset = rendered.onsetFrame > Math.max(this.rendered.onsetFrame, this.#resumedAtFrame);
    this.rendered = rendered;
    if (this.#isPaused) return;
    const held = tracks.find((track) => track.isHeld);
    // Playout resumed where sound begins, or without a break in the sound.
    if (isOnset) held?.release(rendered.onsetFrame);
    else if (rendered.frames - this.#resumedAtFrame > RESUMED_WITHIN_MS * FRAMES_PER_MS)
      held?.release(this.#resumedAtFrame + USUAL_PATH_MS * FRAMES_PER_MS);
  }

  /** @returns `frame`, or where the sound ended if a pause stopped it before. */
  clampToPause(frame: number): number {
    if (this.#pausedAtFrame === undefined) return frame;
    return Math.min(frame, Math.max(this.rendered.loudUntilFrame, this.#pausedAtFrame));
  }
}
