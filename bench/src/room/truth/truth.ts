import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import type { KnownSpeech } from '../../shared/find_speech.ts';
import { align, type Found, Pattern, Searchable } from '../../shared/truth/align.ts';
import { heardUntil, shiftAt } from '../../shared/truth/heard_until.ts';
import type { RoomRecording } from '../../shared/truth/recording.ts';
import { COARSE_STEP, RATE_HZ } from '../../shared/truth/signal.ts';
import type { Trial } from '../trials.ts';

/** How a response really ended up at the listener. */
export type Truth =
  | {
      readonly kind: 'heard';
      readonly startMs: number;
      /** When its end sounded, or would have without a cut. */
      readonly endMs: number;
      /** When its last sample that was heard sounded. */
      readonly stoppedMs: number;
      /** How much of the speech sounded, ms. */
      readonly heardMs: number;
      readonly heardWords: readonly string[];
      /** When each word of the speech ended, or would have without a cut. */
      readonly wordEndsMs: readonly number[];
      readonly correlation: number;
    }
  /** Something sounded where it was expected, but the search does not recognise it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'silent' };

/** Delay from the agent to the ear, ms: shortest, usual and longest. The search covers this range. */
const LEAST_MS = -20;
const USUAL_MS = 150;
const MOST_MS = 950;

/** A response may begin this long before the measured end of the one before, which may have been stretched. */
const OVERLAP_MS = 60;

/** Mean square of 20 ms that are not silence, pre-emphasised: −62 dBFS. */
const LOUD = 10 ** -6.2;
const PIECE = (0.02 * RATE_HZ) / COARSE_STEP;

/** Finds in a recording what was said. */
export class TruthFinder {
  readonly #recording: RoomRecording;
  readonly #searchable: Searchable;
  readonly #patterns: ReadonlyMap<string, Pattern>;

  constructor(recording: RoomRecording, patterns: ReadonlyMap<string, Pattern>) {
    this.#recording = recording;
    this.#searchable = new Searchable(recording.parts.samples);
    this.#patterns = patterns;
  }

  /**
   * The responses of a trial, in order.
   *
   * @param leavesAtMs - roughly when each left the agent; it only guides the search. Undefined: it was never sent.
   */
  find(trial: Trial, leavesAtMs: readonly (number | undefined)[]): Truth[] {
    let endFrame = 0;
    return trial.script.responses.map((speech, index): Truth => {
      const leftAtMs = leavesAtMs[index];
      const pattern = this.#patterns.get(speech.text);
      if (leftAtMs === undefined || !pattern) return { kind: 'silent' };
      const at = (ms: number): number => this.#recording.frameAt(leftAtMs + ms);
      const from = Math.max(at(LEAST_MS), endFrame - (OVERLAP_MS * RATE_HZ) / 1000);
      const expected = Math.max(at(USUAL_MS), endFrame);
      const to = Math.max(at(MOST_MS), expected + (RATE_HZ * (MOST_MS - USUAL_MS)) / 1000);
      const found = align(this.#searchable, pattern, { from, to, expected });
      if (!found) return { kind: this.#isLoud(from, to) ? 'unknown' : 'silent' };
      endFrame = found.endFrame;
      return this.#heard(speech, pattern, found);
    });
  }

  #heard(speech: KnownSpeech, pattern: Pattern, found: Found): Truth {
    const frames = heardUntil(this.#searchable, pattern, found);
    const samples = (frames * SAMPLE_RATE_HZ) / RATE_HZ;
    const endMs = this.#recording.instantMs(found.endFrame);
    const stoppedMs =
      frames === pattern.frames
        ? endMs
        : this.#recording.instantMs(frames + shiftAt(pattern, found, frames / COARSE_STEP));
    return {
      kind: 'heard',
      startMs: this.#recording.instantMs(found.startFrame),
      endMs,
      stoppedMs,
      heardMs: (samples * 1000) / SAMPLE_RATE_HZ,
      heardWords: speech.words
        .filter((word) => word.endSamples <= samples)
        .map((word) => word.text.trim()),
      wordEndsMs: speech.words.map(({ endSamples }) => {
        const frame = (endSamples * RATE_HZ) / SAMPLE_RATE_HZ;
        return this.#recording.instantMs(frame + shiftAt(pattern, found, frame / COARSE_STEP));
      }),
      correlation: found.correlation,
    };
  }

  #isLoud(from: number, to: number): boolean {
    const energies = this.#searchable.coarseEnergies;
    for (let at = Math.floor(from / COARSE_STEP); at < to / COARSE_STEP; at += PIECE)
      if (energies.of(at, at + PIECE) > LOUD * PIECE) return true;
    return false;
  }
}

export function patternsOf(known: readonly KnownSpeech[]): ReadonlyMap<string, Pattern> {
  return new Map(known.map((speech) => [speech.text, new Pattern(speech.samples, SAMPLE_RATE_HZ)]));
}
