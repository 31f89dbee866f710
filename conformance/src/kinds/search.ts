import type { Kind } from '../kind.ts';
import { FRAME_RATE_HZ, fingerprintOf, renderInto, soundLikeSpeech, toBase64 } from '../sound.ts';

interface Given {
  readonly seed: number;
  readonly sampleRateHz: number;
  readonly atSample: number;
  readonly bandSamples: number;
  /** Where sample 0 of the response is rendered. */
  readonly renderedAtFrame: number;
  readonly renderedMs: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  /** What is rendered is another sound. */
  readonly isOther?: boolean;
  /** The response begins with so much of a held vowel. */
  readonly steadyMs?: number;
  /** So much of its beginning is lost. */
  readonly lostMs?: number;
  /** It is rendered so much quieter, as a factor. */
  readonly gain?: number;
  /** Noise in what is rendered, as a share of the sound. */
  readonly noise?: number;
  /** The same sound is also rendered here, and is not what is to be found. A later rendering replaces what it overlaps. */
  readonly copy?: Pick<Given, 'renderedAtFrame' | 'gain' | 'noise'>;
}

interface Expected {
  readonly found: boolean;
}

/** A quarter of a millisecond. */
const TOLERANCE_FRAMES = 12;
const RESPONSE_MS = 1500;

/**
 * Where a sound begins in what was rendered. Input: `audio` (16 bit, base64, 48 kHz), `sound` of a fingerprint, `fromFrame`,
 * `toFrame`. Output: `{ frame }`, or `{ frame: null }` if it is nowhere in the window.
 */
export const search: Kind = {
  input: ({ seed, sampleRateHz, atSample, bandSamples, ...given }: Given) => {
    const { steadyMs, lostMs = 0, isOther, copy } = given;
    const samples = soundLikeSpeech(seed, sampleRateHz, RESPONSE_MS, steadyMs);
    const audio = new Int16Array((given.renderedMs * FRAME_RATE_HZ) / 1000);
    const heard = isOther ? soundLikeSpeech(seed + 1, sampleRateHz, RESPONSE_MS) : samples.slice();
    heard.fill(0, 0, Math.round((lostMs * sampleRateHz) / 1000));
    const noises = soundLikeSpeech(seed + 2, sampleRateHz, RESPONSE_MS);
    const renderings = [given, ...(copy ? [copy] : [])].sort(
      (one, other) => one.renderedAtFrame - other.renderedAtFrame,
    );
    for (const { renderedAtFrame, gain = 1, noise = 0 } of renderings) {
      const sounds = heard.map((one, at) => gain * (one + noise * (noises[at] ?? 0)));
      renderInto(audio, sounds, sampleRateHz, renderedAtFrame);
    }
    return {
      audio: toBase64(audio),
      sound: fingerprintOf(samples, sampleRateHz, atSample, bandSamples),
      fromFrame: given.fromFrame,
      toFrame: given.toFrame,
    };
  },
  problems: ({ given, expected }: { given: Given; expected: Expected }, { frame }: Output) => {
    if (!expected.found) return frame === null ? [] : [`it found at ${frame} what is not there`];
    const right = given.renderedAtFrame + (given.atSample * FRAME_RATE_HZ) / given.sampleRateHz;
    if (frame === null) return [`it did not find what is at ${right}`];
    const off = Math.abs(frame - right);
    return off <= TOLERANCE_FRAMES ? [] : [`it found at ${frame} what is at ${right}`];
  },
};

interface Output {
  readonly frame: number | null;
}
