import type { Said } from './voice_tap.ts';

/**
 * How much of a response must stand in the recording before its start is taken as found, in samples (100 ms).
 *
 * Enough to hold a first sound: what comes before it may be silence, which is found everywhere.
 */
const PATTERN_SAMPLES = 1600;

/** @returns All samples of what was said so far. */
export function samplesOf(said: Said): Int16Array {
  const all = new Int16Array(said.chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let length = 0;
  for (const chunk of said.chunks) {
    all.set(chunk, length);
    length += chunk.length;
  }
  return all;
}

/**
 * Finds where a sound begins in a recording, sample for sample.
 *
 * @returns The place of its first sample; undefined if it is not there (yet).
 */
export function findSound(
  recording: Int16Array,
  sound: Int16Array,
  fromSample: number,
): number | undefined {
  const pattern = sound.subarray(0, PATTERN_SAMPLES);
  // Led by its first sample that is not silent: silence is found everywhere, and would be compared everywhere.
  const lead = pattern.findIndex((sample) => sample !== 0);
  if (lead < 0) return undefined;
  const last = recording.length - pattern.length + lead;
  for (let at = recording.indexOf(pattern[lead] ?? 0, fromSample + lead); at >= 0 && at <= last; ) {
    const start = at - lead;
    if (matchingSamples(recording, pattern, start) === pattern.length) return start;
    at = recording.indexOf(pattern[lead] ?? 0, at + 1);
  }
  return undefined;
}

/** @returns How many samples of a sound stand in the recording from this place on. */
export function matchingSamples(
  recording: Int16Array,
  sound: Int16Array,
  fromSample: number,
): number {
  let count = 0;
  while (count < sound.length && recording[fromSample + count] === sound[count]) count += 1;
  return count;
}

/** @returns The length without the silence at the end. */
export function audibleLength(sound: Int16Array): number {
  let length = sound.length;
  while (length > 0 && sound[length - 1] === 0) length -= 1;
  return length;
}
