import { expect, it } from 'vitest';
import { alignSound, audibleLength, findSound, samplesOf } from '../src/judge/sound_search.ts';

/** A sound with 20 ms of silence before it, as the speech has. */
function soundOf(seed: number, length = 3200): Int16Array {
  return Int16Array.from({ length }, (_, at) => (at < 320 ? 0 : ((at * seed) % 2000) - 1000));
}

function recordingWith(
  sounds: readonly (readonly [place: number, sound: Int16Array])[],
): Int16Array {
  const recording = new Int16Array(16_000);
  for (const [place, sound] of sounds) recording.set(sound, place);
  return recording;
}

it('finds the first sample of a sound that begins with silence', () => {
  const sound = soundOf(7);

  expect(findSound(recordingWith([[5003, sound]]), sound, 0)).toBe(5003);
});

it('finds the second of two equal sounds after the first', () => {
  const sound = soundOf(7);
  const recording = recordingWith([
    [1000, sound],
    [9000, sound],
  ]);

  expect(findSound(recording, sound, 1001)).toBe(9000);
});

it('does not find another sound, a sound that has only begun, or silence', () => {
  const sound = soundOf(7);

  expect(findSound(recordingWith([[1000, soundOf(9)]]), sound, 0)).toBeUndefined();
  expect(findSound(recordingWith([[15_000, sound.subarray(0, 1000)]]), sound, 0)).toBeUndefined();
  expect(findSound(recordingWith([]), new Int16Array(3200), 0)).toBeUndefined();
});

it('measures how much of a sound is in the recording', () => {
  const sound = soundOf(7);
  const recording = recordingWith([[1000, sound.subarray(0, 2000)]]);

  expect(alignSound(recording, sound, 1000)).toEqual({ soundedSamples: 2000, silentSamples: 0 });
  expect(audibleLength(Int16Array.of(0, 5, 0, 0))).toBe(2);
});

it('joins the chunks of a response', () => {
  const chunks = [Int16Array.of(1, 2), Int16Array.of(3)];
  const said = { text: '', chunks, isComplete: true, handedOverAtMs: undefined };

  expect(samplesOf(said)).toEqual(Int16Array.of(1, 2, 3));
});

it('follows a sound across a silence, as a busy machine causes it', () => {
  const sound = soundOf(7);
  const recording = recordingWith([
    [1000, sound.subarray(0, 960)],
    [2280, sound.subarray(960)],
  ]);

  expect(findSound(recording, sound, 0)).toBe(1000);
  expect(alignSound(recording, sound, 1000)).toEqual({ soundedSamples: 3200, silentSamples: 320 });
});
