import { inSpeechBand, SPEECH_BAND_HZ, soundOf, speechBandKernel } from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import * as MAIL from '../src/reporter/worklet/mail_layout.ts';
import { ReporterCore } from '../src/reporter/worklet/reporter_core.ts';
import { speechLike } from '../test-browser/support/speech_like.ts';

const RATE_HZ = 48_000;
const PIECE_SAMPLES = 0.15 * SPEECH_BAND_HZ;
const kernel = speechBandKernel(RATE_HZ);

function pieceOf(samples: Int16Array, atSample: number): Int8Array {
  return soundOf(inSpeechBand(samples, atSample, PIECE_SAMPLES, { sampleRateHz: RATE_HZ, kernel }));
}

interface Finding {
  readonly searchId: number;
  readonly frame: number;
  readonly correlation: number;
  readonly found: number;
  readonly spread: number;
}

class Rendering {
  readonly core = new ReporterCore({ kernel, framesPerBandSample: RATE_HZ / SPEECH_BAND_HZ });
  frames = 0;

  /** Renders at least so many frames of `samples`, from the current frame on. */
  render(samples: Int16Array, frames: number): this {
    const until = this.frames + frames;
    while (this.frames < until) {
      const from = this.frames;
      const block = Float32Array.from(
        { length: 128 },
        (_, index) => (samples[from + index] ?? 0) / 32_768,
      );
      this.core.render(block, 128, this.frames);
      this.frames += 128;
    }
    return this;
  }

  search(
    searchId: number,
    sound: Int8Array,
    fromFrame: number,
    toFrame: number,
    expectedFrame?: number,
  ): this {
    this.core.search({ type: 'search', searchId, sound, fromFrame, toFrame, expectedFrame });
    return this;
  }

  get findings(): Finding[] {
    const { mail } = this.core;
    const count = mail[MAIL.findingCount] ?? 0;
    return Array.from({ length: Math.min(count, MAIL.findingsKept) }, (_, index) => {
      const at = MAIL.findings + (index % MAIL.findingsKept) * MAIL.findingFields;
      const [searchId = 0, frame = 0, correlation = 0, found = 0, spread = 0] = mail.subarray(
        at,
        at + MAIL.findingFields,
      );
      return { searchId, frame, correlation, found, spread };
    });
  }
}

/** `sounds` after so many frames of silence. */
function after(frames: number, ...sounds: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(frames + sounds.reduce((sum, one) => sum + one.length, 0));
  let at = frames;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}

describe('the search in what is rendered', () => {
  it('[RP2] finds a sound to a twentieth of a millisecond, wherever it lies between two samples of the band', () => {
    for (const atFrame of [20_000, 20_001, 20_003, 20_005, 20_127]) {
      const speech = speechLike(atFrame, 600, RATE_HZ);
      const rendering = new Rendering().search(7, pieceOf(speech, 0), 10_000, 40_000);

      rendering.render(after(atFrame, speech), 60_000);

      const [finding] = rendering.findings;
      expect(finding?.found, `at ${atFrame}`).not.toBe(MAIL.notFound);
      expect(Math.abs((finding?.frame ?? 0) - atFrame), `at ${atFrame}`).toBeLessThan(2.4);
    }
  });

  it('[RP2] finds a piece that follows another response without a gap, and in noise', () => {
    const [before, speech] = [speechLike(11, 700, RATE_HZ), speechLike(12, 700, RATE_HZ)];
    const atFrame = 5000 + before.length;
    const noisy = after(5000, before, speech).map(
      (value, index) => value + Math.round(9000 * Math.sin(index * index * 0.37)),
    );
    const rendering = new Rendering().search(
      1,
      pieceOf(speech, 0),
      atFrame - 12_000,
      atFrame + 12_000,
    );

    rendering.render(noisy, 80_000);

    expect(rendering.findings[0]?.found).not.toBe(MAIL.notFound);
    expect(Math.abs((rendering.findings[0]?.frame ?? 0) - atFrame)).toBeLessThan(12);
  });

  it('[RP2] finds a sound that was rendered before the search began', () => {
    const speech = speechLike(3, 500, RATE_HZ);
    const sounding = after(30_000, speech);
    const rendering = new Rendering().render(sounding, 200_000);

    rendering.search(1, pieceOf(speech, 4800), 20_000, 50_000, 35_000).render(sounding, 60_000);

    expect(Math.abs((rendering.findings[0]?.frame ?? 0) - 34_800)).toBeLessThan(2.4);
  });

  it('[RP2] reports a sound that is not in its window as not found, and still finds the others', () => {
    const [one, other] = [speechLike(21, 500, RATE_HZ), speechLike(22, 500, RATE_HZ)];
    const rendering = new Rendering()
      .search(1, pieceOf(other, 0), 10_000, 30_000)
      .search(2, pieceOf(one, 0), 10_000, 30_000);

    rendering.render(after(20_000, one), 80_000);

    const found = new Map(rendering.findings.map((finding) => [finding.searchId, finding.found]));
    expect(found.get(1)).toBe(MAIL.notFound);
    expect(found.get(2)).toBe(MAIL.certain);
  });

  it('[RP2] finds a sound that a codec or a volume made quieter', () => {
    const speech = speechLike(31, 500, RATE_HZ);
    const quiet = after(20_000, speech).map((value) => Math.round(value / 40));
    const rendering = new Rendering().search(1, pieceOf(speech, 0), 10_000, 30_000);

    rendering.render(quiet, 60_000);

    expect(rendering.findings[0]?.found).toBe(MAIL.certain);
  });

  it('[RP2] a cancelled search sends no finding, and one search too many is not found', () => {
    const speech = speechLike(41, 500, RATE_HZ);
    const rendering = new Rendering();
    for (let searchId = 1; searchId <= 13; searchId += 1)
      rendering.search(searchId, pieceOf(speech, 0), 10_000, 30_000);
    rendering.core.cancel(2);

    rendering.render(after(20_000, speech), 120_000);

    const ids = rendering.findings.map((finding) => finding.searchId).sort((a, b) => a - b);
    expect(rendering.findings[0]).toMatchObject({ searchId: 13, found: MAIL.notFound });
    expect(ids).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('[RP2] reports where sound begins after quiet and where it ends', () => {
    const speech = speechLike(51, 300, RATE_HZ);
    const rendering = new Rendering().render(after(20_000, speech), 60_000);

    expect(rendering.core.mail[MAIL.onsetFrame]).toBeGreaterThanOrEqual(20_000);
    expect(rendering.core.mail[MAIL.onsetFrame]).toBeLessThan(20_960);
    expect(rendering.core.mail[MAIL.loudUntilFrame]).toBeLessThanOrEqual(34_560);
  });

  it('[RP2] counts its own frames, and keeps the largest difference from those of the context', () => {
    const rendering = new Rendering();
    const silence = new Float32Array(128);
    rendering.core.render(silence, 128, 512);
    rendering.core.render(silence, 128, 1152);
    rendering.core.render(silence, 128, 1152);
    rendering.core.render(undefined, 128, 1408);

    expect(rendering.core.mail[MAIL.frames]).toBe(512);
    expect(rendering.core.mail[MAIL.frameOffset]).toBe(1024);
  });
});
