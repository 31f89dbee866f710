import { AudioFrame } from '@livekit/rtc-node';
import { USERDATA_TIMED_TRANSCRIPT } from './frame_userdata.ts';

/** The key of the instant at which a synthesis began (`USERDATA_TTS_STARTED_TIME` in LiveKit's `types.ts`). */
const USERDATA_TTS_STARTED_TIME = 'lk.tts_started_time';

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  USERDATA_TIMED_TRANSCRIPT,
  USERDATA_TTS_STARTED_TIME,
]);

/**
 * Whether frames can be joined: their format is the same, and they carry nothing of the application, whose place in the audio
 * would be lost.
 */
export function canJoin(frame: AudioFrame, first: AudioFrame = frame): boolean {
  return (
    frame.sampleRate === first.sampleRate &&
    frame.channels === first.channels &&
    Object.keys(frame.userdata ?? {}).every((key) => KNOWN_KEYS.has(key))
  );
}

/** One frame with the samples of several, which can be joined, and with all of their word times. */
export function joined(frames: readonly AudioFrame[]): AudioFrame {
  const [first] = frames;
  if (frames.length === 1 && first) return first;
  const { sampleRate = 0, channels = 1, userdata = {} } = first ?? {};
  const data = new Int16Array(frames.reduce((sum, frame) => sum + frame.data.length, 0));
  const words: unknown[] = [];
  let place = 0;
  for (const frame of frames) {
    data.set(frame.data, place);
    place += frame.data.length;
    const timed = frame.userdata?.[USERDATA_TIMED_TRANSCRIPT];
    if (Array.isArray(timed)) words.push(...timed);
  }
  const timed = words.length > 0 ? { [USERDATA_TIMED_TRANSCRIPT]: words } : {};
  return new AudioFrame(data, sampleRate, channels, data.length / channels, {
    ...userdata,
    ...timed,
  });
}
