import { SAMPLE_RATE_HZ } from '@oncue/embedded';

/** Sounds that no speech engine makes, at the rate of the embedded voice. All deterministic. */

const FULL = 32_767;

/** Frequencies and levels of a held vowel: its pitch and its first overtones, loud near two formants. */
const VOWEL_PITCH_HZ = 120;
const VOWEL_OVERTONES = 24;
const FORMANTS_HZ = [700, 1150] as const;
const FORMANT_WIDTH_HZ = 180;

const CHIME_HZ = [880, 1320, 1760] as const;
const CHIME_DECAY_S = 0.25;

export function silence(ms: number): Int16Array {
  return new Int16Array(samplesOf(ms));
}

export function tone(hz: number, ms: number): Int16Array {
  return made(ms, (s) => 0.3 * Math.sin(2 * Math.PI * hz * s));
}

/** A held "ah". */
export function vowel(ms: number): Int16Array {
  const overtones = Array.from({ length: VOWEL_OVERTONES }, (_, index) => {
    const hz = VOWEL_PITCH_HZ * (index + 1);
    const level = FORMANTS_HZ.reduce(
      (sum, formant) => sum + 1 / (1 + ((hz - formant) / FORMANT_WIDTH_HZ) ** 2),
      0.05,
    );
    return { hz, level };
  });
  return made(ms, (s) => {
    const sum = overtones.reduce(
      (all, { hz, level }) => all + level * Math.sin(2 * Math.PI * hz * s),
      0,
    );
    return 0.06 * sum;
  });
}

/** A bell of three notes that fades out. */
export function chime(ms: number): Int16Array {
  return made(ms, (s) => {
    const fade = Math.exp(-s / CHIME_DECAY_S);
    return 0.15 * fade * CHIME_HZ.reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * s), 0);
  });
}

/** @param factor - What is too loud is cut off. */
export function scaled(samples: Int16Array, factor: number): Int16Array {
  return samples.map((sample) => clipped(sample * factor));
}

export function joined(...parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}

/** One over the other; as long as the longer. The shorter repeats. */
export function mixed(voice: Int16Array, under: Int16Array): Int16Array {
  return voice.map((sample, index) => clipped(sample + (under[index % under.length] ?? 0)));
}

/** As a telephone sends it: 300 to 3400 Hz. */
export function telephoneBand(samples: Int16Array): Int16Array {
  return resampled(resampled(samples, SAMPLE_RATE_HZ, 8000), 8000, SAMPLE_RATE_HZ);
}

const LOBES = 16;

/** By a windowed sinc, for any pair of rates. */
export function resampled(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  const cutoff = Math.min(1, toHz / fromHz) * 0.95;
  const reach = LOBES / cutoff;
  const out = new Int16Array(Math.floor((samples.length * toHz) / fromHz));
  for (let index = 0; index < out.length; index += 1) {
    const at = (index * fromHz) / toHz;
    let sum = 0;
    for (let from = Math.ceil(at - reach); from <= at + reach; from += 1) {
      const away = from - at;
      const phase = Math.PI * away * cutoff;
      const sinc = phase === 0 ? 1 : Math.sin(phase) / phase;
      sum += (samples[from] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * away) / reach));
    }
    out[index] = clipped(sum * cutoff);
  }
  return out;
}

function made(ms: number, level: (seconds: number) => number): Int16Array {
  return Int16Array.from({ length: samplesOf(ms) }, (_, index) =>
    clipped(FULL * level(index / SAMPLE_RATE_HZ)),
  );
}

const clipped = (value: number): number => Math.max(-FULL, Math.min(FULL, Math.round(value)));
const samplesOf = (ms: number): number => Math.round((ms * SAMPLE_RATE_HZ) / 1000);
