import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import type { DeviceRecording } from '@oncue/testbed';
import type { KnownSpeech } from '../shared/find_speech.ts';
import { align, Pattern, Searchable } from '../shared/truth/align.ts';
import { heardUntil, shiftAt } from '../shared/truth/heard_until.ts';
import { ofDevice } from '../shared/truth/recording.ts';
import { COARSE_STEP, RATE_HZ } from '../shared/truth/signal.ts';
import type { Told } from './player_run.ts';

/** From the request to the first sample, about. */
const EXPECTED_FRAMES = (300 * RATE_HZ) / 1000;

/** A response that the recording of the device shows, on this process's clock. */
export interface Sounded {
  readonly told: Told;
  readonly startMs: number;
  /** When its last sample that was heard sounded. */
  readonly stoppedMs: number;
}

/**
 * Finds each response in that part of the recording that lies between its request and the next one, whatever was told of it. What
 * is missing after a cut would else be found in the next response.
 */
export function atDevice(told: readonly Told[], recorded: DeviceRecording): Sounded[] {
  const recording = ofDevice(recorded);
  const patterns = new Map<KnownSpeech, Pattern>();
  return told.flatMap((one): Sounded[] => {
    const pattern = patterns.get(one.speech) ?? new Pattern(one.speech.samples, SAMPLE_RATE_HZ);
    patterns.set(one.speech, pattern);
    const from = recording.frameAt(one.fromMs);
    const part = new Searchable(recorded.samples.subarray(from, recording.frameAt(one.toMs)));
    const frames = part.fine.length;
    const found = align(part, pattern, { from: 0, to: frames, expected: EXPECTED_FRAMES });
    if (!found) return [];
    const heard = heardUntil(part, pattern, found);
    const stopped =
      heard === pattern.frames
        ? found.endFrame
        : heard + shiftAt(pattern, found, heard / COARSE_STEP);
    return [
      {
        told: one,
        startMs: recording.instantMs(from + found.startFrame),
        stoppedMs: recording.instantMs(from + stopped),
      },
    ];
  });
}
