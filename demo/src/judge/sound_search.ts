import type { Said } from './voice_tap.ts';

/**
 * How much of a response must be in the recording to count its start as found: 100 ms, in samples.
 *
 * Long enough to include some sound: a response may begin with silence, which matches everywhere.
 */
const PATTERN_SAMPLES = 1600;

/** @returns All samples so far. */
export function samplesOf(said: Said): Int16Array {
  const all = new Int16Array(said.chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let length = 0;
  for (const chunk of said.chunks) {
    all.set(chunk, length);
    length += chunk.length;
  }
  return all;
}

/** How much of a sound is in a recording. */
export interface Alignment {
  /** Samples of the sound that are in the recording, from its first sample on. */
  readonly soundedSamples: number;
  /** Samples of silence inside the sound, where it reached the device too late. */
  readonly silentSamples: number;
}

/** This many equal samples after a silence are not a coincidence. */
const RESUME_SAMPLES = 64;

/**
 * Finds where a sound begins in a recording. All samples must match.
 *
 * @returns The index of its first sample; undefined if the sound is not (yet) in the recording.
 */
export function findSound(
  recording: Int16Array,
  sound: Int16Array,
  fromSample: number,
): number | undefined {
  const pattern = sound.subarray(0, PATTERN_SAMPLES);
  // Searches for the first sample that is not silent, because silence would match everywhere.
  const lead = pattern.findIndex((sample) => sample !== 0);
  if (lead < 0) return undefined;
  for (let at = fromSample + lead; ; at += 1) {
    at = recording.indexOf(pattern[lead] ?? 0, at);
    if (at < 0) return undefined;
    const { soundedSamples } = alignSound(recording, pattern, at - lead);
    if (soundedSamples === pattern.length) return at - lead;
  }
}

/** Follows a sound through a recording from this index on, across silences inside it. */
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

/** @returns The samples of silence from this index to the rest of the sound; undefined if the rest does not follow. */
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

/** @returns The length without silence at the end, in samples. */
export function audibleLength(sound: Int16Array): number {
  let length = sound.length;
  while (length > 0 && sound[length - 1] === 0) length -= 1;
  return length;
}
