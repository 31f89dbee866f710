import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { msToSamples, type ResponseId, type Word } from '@oncue/core';
import { fromSeconds } from '../../livekit_units.ts';
import type { InternalFact } from '../internal_fact.ts';
import { memberOf } from '../members.ts';

/**
 * `AudioFrame.userdata` passes unchanged from `ttsNode` to an output that has no sample rate of its own. It carries
 * Oncue's response id, and the word times of the speech engine.
 */
export const FRAME_USERDATA: InternalFact = {
  name: 'AudioFrame.userdata',
  source: 'voice/generation.ts, voice/io.ts',
  lost: 'audio is assigned to the responses of a turn in the order in which they were made, and word times are not known',
  or: 'an output that the application put before that of Oncue makes frames without the userdata of those it gets, which it should copy',
};

/** The key of the response that a frame belongs to. */
const USERDATA_RESPONSE = 'oncue.response_id';

/** The key of the word times of a synthesis (`USERDATA_TIMED_TRANSCRIPT` in LiveKit's `types.ts`). */
export const USERDATA_TIMED_TRANSCRIPT = 'lk.timed_transcripts';

/** The same samples in a frame of its own: a synthesis may hand out one cached frame for two responses. */
export function tagged(frame: AudioFrame, id: ResponseId): AudioFrame {
  return new AudioFrame(frame.data, frame.sampleRate, frame.channels, frame.samplesPerChannel, {
    ...userdataOf(frame),
    [USERDATA_RESPONSE]: id,
  });
}

/** The response that a frame belongs to, if it says so. */
export function tagOf(frame: AudioFrame): ResponseId | undefined {
  const tag = memberOf(userdataOf(frame), USERDATA_RESPONSE);
  return typeof tag === 'string' ? (tag as ResponseId) : undefined;
}

/**
 * The timed words that travel with a frame, at the rate at which the listener counts samples. Words without an end time
 * are left out.
 */
export function timedWords(frame: AudioFrame, sampleRateHz: number): readonly Word[] {
  const timed = memberOf(userdataOf(frame), USERDATA_TIMED_TRANSCRIPT);
  if (!Array.isArray(timed)) return [];
  const words: Word[] = [];
  for (const word of timed) {
    if (!isTimedWord(word)) continue;
    words.push({
      text: word.text,
      endSamples: msToSamples(fromSeconds(word.endTime), sampleRateHz),
    });
  }
  return words;
}

/** Userdata that cannot be read counts as none: its audio is said all the same. */
function userdataOf(frame: AudioFrame): object | undefined {
  const userdata = memberOf(frame, 'userdata');
  return typeof userdata === 'object' && userdata !== null ? userdata : undefined;
}

function isTimedWord(
  word: string | voice.TimedString,
): word is voice.TimedString & { readonly endTime: number } {
  return voice.isTimedString(word) && typeof word.endTime === 'number';
}
