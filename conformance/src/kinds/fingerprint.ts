import { decodeSound } from '@oncue/core/wire';
import type { Kind } from '../kind.ts';
import { fingerprintOf, soundLikeSpeech, toBase64 } from '../sound.ts';

interface Given {
  readonly seed: number;
  readonly sampleRateHz: number;
  readonly ms: number;
  readonly atSample: number;
  readonly bandSamples: number;
}

/** Two ways to write the same filter agree to this. */
const LEAST_CORRELATION = 0.995;

/**
 * What an agent sends of a piece. Input: `samples` (16 bit, base64), `sampleRateHz`, `atSample`, `bandSamples`. Output:
 * `{ sound }`.
 */
export const fingerprint: Kind = {
  input: ({ seed, sampleRateHz, ms, atSample, bandSamples }: Given) => ({
    samples: toBase64(soundLikeSpeech(seed, sampleRateHz, ms)),
    sampleRateHz,
    atSample,
    bandSamples,
  }),
  problems: ({ given }: { given: Given }, { sound }: { readonly sound: string }) => {
    const { seed, sampleRateHz, ms, atSample, bandSamples } = given;
    const samples = soundLikeSpeech(seed, sampleRateHz, ms);
    const expected = decodeSound(fingerprintOf(samples, sampleRateHz, atSample, bandSamples));
    const output = decodeSound(sound);
    if (!output || output.length !== bandSamples) return [`sound has not ${bandSamples} samples`];
    const peak = output.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const alike = correlation(expected as Int8Array, output);
    return [
      ...(peak === 127 ? [] : [`the loudest sample is ${peak}, not 127`]),
      ...(alike >= LEAST_CORRELATION ? [] : [`the correlation with the right sound is ${alike}`]),
    ];
  },
};

function correlation(one: Int8Array, other: Int8Array): number {
  let product = 0;
  let energy = 0;
  let otherEnergy = 0;
  for (const [index, value] of one.entries()) {
    const second = other[index] ?? 0;
    product += value * second;
    energy += value * value;
    otherEnergy += second * second;
  }
  return product / Math.sqrt(energy * otherEnergy);
}
