import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { msToSamples, type Word } from '@oncue/core';

/** The only file where LiveKit's seconds become samples or milliseconds, and back. */

/** The key of `AudioFrame.userdata` with the word times of a synthesis (`USERDATA_TIMED_TRANSCRIPT` in LiveKit's `types.ts`). */
const USERDATA_TIMED_TRANSCRIPT = 'lk.timed_transcripts';

/**
 * The timed words that travel with a frame, at the rate at which the listener counts samples. Words without an end time
 * are left out.
 */
export function timedWords(frame: AudioFrame, sampleRateHz: number): readonly Word[] {
  const timed = frame.userdata[USERDATA_TIMED_TRANSCRIPT];
  if (!Array.isArray(timed)) return [];
  const words: Word[] = [];
  for (const word of timed) {
    if (!voice.isTimedString(word) || word.endTime === undefined) continue;
    words.push({ text: word.text, endSamples: msToSamples(word.endTime * 1000, sampleRateHz) });
  }
  return words;
}

/** Milliseconds as LiveKit's `playbackPosition` wants them. */
export function toSeconds(durationMs: number): number {
  return durationMs / 1000;
}
