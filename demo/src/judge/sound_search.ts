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

/** How much of a sound stands in a recording. */
export interface Alignment {
  /** Samples of the sound that are there, from its first on. */
  readonly soundedSamples: number;
  /** Silence in between, where the sound came too late to the device. */
  readonly silentSamples: number;
}

/** As many equal samples behind a silence are no accident. */
const RESUME_SAMPLES = 64;

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
  for (let at = fromSample + lead; ; at += 1) {
    at = recording.indexOf(pattern[lead] ?? 0, at);
    if (at < 0) return undefined;
    const { soundedSamples } = alignSound(recording, pattern, at - lead);
    if (soundedSamples === pattern.length) return at - lead;
  }
}

/** Follows a sound through a recording from this place on, over the silences in it. */
export function alignSound(
  recording: Int16Array,
  sound: Int16Array,
  fromSample: number,
): Alignment {
  let sounded = 0;
  let silent = 0;
  for (;;) {
    while (sounded < sound.length && recording[fromSample + silent + sounded] === sound[sounded])
      sounded += 1;
    const resume = silenceBefore(recording, sound.subarray(sounded), fromSample + silent + sounded);
    if (sounded === sound.length || resume === undefined)
      return { soundedSamples: sounded, silentSamples: silent };
    silent += resume;
  }
}

/** @returns How much silence stands between this place and the rest of a sound; undefined if that does not follow. */
function silenceBefore(
  recording: Int16Array,
  rest: Int16Array,
  fromSample: number,
): number | undefined {
  const resumed = rest.subarray(0, RESUME_SAMPLES);
  if (!resumed.some((sample) => sample !== 0)) return undefined;
  for (let at = fromSample; recording[at] === 0; at += 1) {
    const next = recording.subarray(at + 1, at + 1 + resumed.length);
    if (next.length === resumed.length && next.every((sample, place) => sample === resumed[place]))
      return at + 1 - fromSample;
  }
  return undefined;
}

/** @returns The length without the silence at the end. */
export function audibleLength(sound: Int16Array): number {
  let length = sound.length;
  while (length > 0 && sound[length - 1] === 0) length -= 1;
  return length;
}
