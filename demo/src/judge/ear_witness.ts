import { SAMPLE_RATE_HZ } from '@oncue/embedded';
import type { WavRecorder } from '@oncue/livekit';
import type { UntimedNote } from '../terminal/notes.ts';
import { alignSound, audibleLength, findSound, samplesOf } from './sound_search.ts';
import type { Said, VoiceTap } from './voice_tap.ts';

/**
 * Finds in the recording alone what sounded and when. Oncue's events are compared with this truth.
 *
 * Sounds are searched in the order in which they were made, each after the one before.
 */
export class EarWitness {
  readonly #tap: VoiceTap;
  readonly #recorder: WavRecorder;
  readonly #note: (note: UntimedNote) => void;
  readonly #places = new Map<Said, number>();
  readonly #measured = new Set<Said>();
  #searchedSamples = 0;

  constructor(tap: VoiceTap, recorder: WavRecorder, note: (note: UntimedNote) => void) {
    this.#tap = tap;
    this.#recorder = recorder;
    this.#note = note;
  }

  /** Searches the sounds that were sent and have not been found. */
  search(): void {
    for (const said of this.#tap.all) {
      const { handedOverAtMs } = said;
      if (handedOverAtMs === undefined || this.#places.has(said)) continue;
      const place = findSound(this.#recorder.samples(), samplesOf(said), this.#searchedSamples);
      if (place === undefined) continue;
      this.#places.set(said, place);
      this.#searchedSamples = place + 1;
      const firstSampleAtMs = this.#atMs(place);
      this.#note({ type: 'sound_found', text: said.text, firstSampleAtMs, handedOverAtMs });
    }
  }

  /** Measures how much of each found sound is in the recording. Call it when nothing plays. */
  measure(): void {
    for (const [said, place] of this.#places) {
      if (this.#measured.has(said)) continue;
      this.#measured.add(said);
      const sound = samplesOf(said);
      const aligned = alignSound(this.#recorder.samples(), sound, place);
      const { soundedSamples, silentSamples } = aligned;
      this.#note({
        type: 'sound_measured',
        text: said.text,
        soundedSamples,
        silentSamples,
        audibleSamples: audibleLength(sound.subarray(0, soundedSamples)),
        totalSamples: sound.length,
        endedAtMs: this.#atMs(place + silentSamples + soundedSamples),
      });
    }
  }

  #atMs(place: number): number {
    return this.#recorder.startsAtMs + (place * 1000) / SAMPLE_RATE_HZ;
  }
}
