import { randomOf } from '../../test-browser/support/speech_like.ts';

/** Rate of the agent's audio. */
export const AGENT_HZ = 24_000;

const TWO_PI = 2 * Math.PI;

function sounding(ms: number, valueAt: (seconds: number) => number): Int16Array {
  const length = Math.round((ms * AGENT_HZ) / 1000);
  return Int16Array.from({ length }, (_, index) => {
    const edge = Math.min(1, (index + 1) / 120, (length - index) / 480);
    return Math.round(20_000 * edge * valueAt(index / AGENT_HZ));
  });
}

/** A held vowel: harmonics under three resonances, as even as no throat is, or with the shimmer that every throat has. */
export function vowel(pitchHz: number, ms: number, { shimmer = 0, seed = 1 } = {}): Int16Array {
  const random = randomOf(seed);
  const harmonics = Array.from({ length: Math.floor(3400 / pitchHz) }, (_, index) => {
    const hz = (index + 1) * pitchHz;
    const level = [700, 1200, 2600].reduce(
      (sum, at) => sum + 1 / (1 + ((hz - at) / 90) ** 2),
      0.02,
    );
    return { hz, level, phase: TWO_PI * random() };
  });
  let drift = 0;
  let loudness = 1;
  return sounding(ms, (seconds) => {
    drift += shimmer * (random() - 0.5) * 0.02;
    loudness += shimmer * (random() - 0.5) * 0.01 - (loudness - 1) * 0.001;
    const sum = harmonics.reduce(
      (total, { hz, level, phase }) =>
        total + level * Math.sin(TWO_PI * hz * seconds + phase + (drift * hz) / pitchHz),
      0,
    );
    return 0.25 * loudness * sum;
  });
}

export function tone(hz: number, ms: number): Int16Array {
  return sounding(ms, (seconds) => 0.6 * Math.sin(TWO_PI * hz * seconds));
}

/** Partials that are no multiples of each other, and die away. */
export function chime(hz: number, ms: number): Int16Array {
  const partials = [1, 2.76, 5.4].filter((ratio) => ratio * hz < 3400);
  return sounding(ms, (seconds) =>
    partials.reduce(
      (sum, ratio, index) =>
        sum + 0.4 * Math.exp((-3 - index) * seconds) * Math.sin(TWO_PI * hz * ratio * seconds),
      0,
    ),
  );
}

/** Three voices of chords that change twice a second. */
export function music(seed: number, ms: number): Int16Array {
  const random = randomOf(seed);
  const chords = Array.from({ length: Math.ceil(ms / 500) }, () =>
    [0, 4, 7].map((step) => 220 * 2 ** ((step + Math.floor(12 * random())) / 12)),
  );
  return sounding(ms, (seconds) => {
    const chord = chords[Math.floor(seconds * 2)] ?? [];
    const level = Math.exp(-2 * (seconds % 0.5));
    return 0.25 * level * chord.reduce((sum, hz) => sum + Math.sin(TWO_PI * hz * seconds), 0);
  });
}

export function louder(samples: Int16Array, gain: number): Int16Array {
  return samples.map((value) => Math.max(-32_768, Math.min(32_767, Math.round(value * gain))));
}

/** As it comes from a voice of another rate: brought to that rate and back by straight lines. */
export function throughRate(samples: Int16Array, rateHz: number): Int16Array {
  return resampled(resampled(samples, AGENT_HZ, rateHz), rateHz, AGENT_HZ);
}

function resampled(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  return Int16Array.from({ length: Math.floor((samples.length * toHz) / fromHz) }, (_, index) => {
    const at = (index * fromHz) / toHz;
    const before = samples[Math.floor(at)] ?? 0;
    return Math.round(before + ((samples[Math.floor(at) + 1] ?? before) - before) * (at % 1));
  });
}

export function joined(...sounds: readonly Int16Array[]): Int16Array {
  return Int16Array.from(sounds.flatMap((one) => [...one]));
}

export function silence(ms: number): Int16Array {
  return new Int16Array(Math.round((ms * AGENT_HZ) / 1000));
}
