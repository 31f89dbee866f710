import { type tts, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { secondsFromMs } from '../livekit_units.ts';
import type { TextPiece } from './sentence_splitter.ts';
import { LEAD_PAD_MS, SAMPLE_RATE_HZ, type SpokenPiece, TRAIL_PAD_MS } from './spoken_piece.ts';

/**
 * Length of a frame, in ms.
 *
 * One Opus packet, so the transport neither splits a frame nor waits for the next one. A playout
 * position counted in frames is accurate to 20 ms, at 50 objects a second. 10 ms would double the
 * objects for no gain; 100 ms or more would delay an interruption.
 */
export const FRAME_MS = 20;

/**
 * From the last phone of a sentence to the first phone of the next in one segment, in ms.
 *
 * Inside an utterance, flite pauses 0.21–0.25 s for a full stop. The pads on both sides are included.
 */
export const SENTENCE_PAUSE_MS = 200;

const FRAME_SAMPLES = (FRAME_MS * SAMPLE_RATE_HZ) / 1000;
const GAP_SAMPLES = ((SENTENCE_PAUSE_MS - LEAD_PAD_MS - TRAIL_PAD_MS) * SAMPLE_RATE_HZ) / 1000;

/**
 * Joins the pieces of one segment into frames, with the words' times counted from the segment's
 * first sample.
 *
 * It holds back at least one sample until `end`, because the last frame has to be marked as final.
 * The words of a piece go with the first frame of that piece, before their sound, as LiveKit's
 * synchronizer needs them.
 *
 * @internal
 */
export class SegmentWriter {
  readonly #put: (audio: tts.SynthesizedAudio) => void;
  readonly #ids: { readonly requestId: string; readonly segmentId: string };
  #held: Int16Array = new Int16Array(0);
  #sentSamples = 0;
  #transcripts: voice.TimedString[] = [];
  #silentText = '';
  #pauseDue = false;

  constructor(
    ids: { requestId: string; segmentId: string },
    put: (audio: tts.SynthesizedAudio) => void,
  ) {
    this.#ids = ids;
    this.#put = put;
  }

  /** @param spoken Undefined for a piece without sound; its text is joined to the next words. */
  write(piece: TextPiece, spoken: SpokenPiece | undefined): void {
    if (!spoken) {
      this.#silentText += piece.text;
      return;
    }
    if (this.#pauseDue) this.#append(new Int16Array(GAP_SAMPLES));
    this.#pauseDue = piece.endsSentence;
    const offsetMs = this.#positionMs;
    for (const [index, word] of spoken.words.entries()) {
      const text = index === 0 ? this.#silentText + word.text : word.text;
      this.#transcripts.push(timed(text, offsetMs + word.startMs, offsetMs + word.endMs));
    }
    this.#silentText = '';
    this.#append(spoken.samples);
    while (this.#held.length > FRAME_SAMPLES) this.#send(FRAME_SAMPLES, false);
  }

  /** Sends what was held back, as the final frame. Sends nothing if nothing was spoken. */
  end(): void {
    if (this.#held.length === 0) return;
    if (this.#silentText !== '') {
      this.#transcripts.push(timed(this.#silentText, this.#positionMs, this.#positionMs));
      this.#silentText = '';
    }
    this.#send(this.#held.length, true);
  }

  get #positionMs(): number {
    return ((this.#sentSamples + this.#held.length) * 1000) / SAMPLE_RATE_HZ;
  }

  #append(samples: Int16Array): void {
    const joined = new Int16Array(this.#held.length + samples.length);
    joined.set(this.#held);
    joined.set(samples, this.#held.length);
    this.#held = joined;
  }

  #send(lengthSamples: number, final: boolean): void {
    const samples = this.#held.slice(0, lengthSamples);
    this.#held = this.#held.subarray(lengthSamples);
    this.#sentSamples += lengthSamples;
    const timedTranscripts = this.#transcripts;
    this.#transcripts = [];
    this.#put({
      ...this.#ids,
      frame: new AudioFrame(samples, SAMPLE_RATE_HZ, 1, samples.length),
      final,
      ...(timedTranscripts.length > 0 ? { timedTranscripts } : {}),
    });
  }
}

function timed(text: string, startMs: number, endMs: number): voice.TimedString {
  return voice.createTimedString({
    text,
    startTime: secondsFromMs(startMs),
    endTime: secondsFromMs(endMs),
  });
}
