/** A reproducible stream of numbers from 0 to 1. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Sound that is to a search what speech is: syllables of a gliding pitch through three resonances, hiss between them.
 * Begins with a voice at once.
 */
export function speechLike(seed: number, ms: number, rateHz: number): Int16Array {
  const random = randomOf(seed);
  const samples = new Float64Array(Math.round((ms * rateHz) / 1000));
  for (let from = 0; from < samples.length; ) {
    const syllable = Math.round(((120 + 180 * random()) * rateHz) / 1000);
    if (from > 0 && random() < 0.25) hiss(samples, from, syllable >> 1, random);
    else voice(samples, from, syllable, rateHz, random);
    from += syllable;
  }
  let peak = 1e-9;
  for (const value of samples) peak = Math.max(peak, Math.abs(value));
  return Int16Array.from(samples, (value) => Math.round((value / peak) * 20_000));
}

/** As that of a voice it lies mostly above what a telephone passes. */
function hiss(to: Float64Array, from: number, length: number, random: () => number): void {
  let last = 0;
  let before = 0;
  for (let index = 0; index < length && from + index < to.length; index += 1) {
    const value = random() - 0.5;
    to[from + index] = (value - 2 * last + before) * 0.1 * Math.min(1, index / 100);
    before = last;
    last = value;
  }
}

function voice(
  to: Float64Array,
  from: number,
  length: number,
  rateHz: number,
  random: () => number,
): void {
  const resonances = [300 + 500 * random(), 900 + 1200 * random(), 2300 + 800 * random()].map(
    (hz) => resonance(hz, 90, rateHz),
  );
  let pitchHz = 100 + 80 * random();
  const glide = (random() - 0.5) * 3;
  let untilPulse = 0;
  let breath = 0;
  for (let index = 0; index < length && from + index < to.length; index += 1) {
    untilPulse -= 1;
    let pulse = 0.1 * (random() - 0.5);
    if (untilPulse <= 0) {
      pulse += 1;
      untilPulse += (rateHz / pitchHz) * (1 + 0.03 * (random() - 0.5));
    }
    // A throat gives 6 dB an octave less and less from 500 Hz on.
    breath += (pulse - breath) * Math.min(1, (2 * Math.PI * 500) / rateHz);
    pitchHz *= 1 + glide / rateHz;
    const envelope = Math.min(1, index / 200, (length - index) / 600);
    const sum = resonances.reduce((total, filter) => total + filter(breath), 0);
    to[from + index] = sum * envelope;
  }
}

function resonance(hz: number, widthHz: number, rateHz: number): (value: number) => number {
  const radius = Math.exp((-Math.PI * widthHz) / rateHz);
  const a = 2 * radius * Math.cos((2 * Math.PI * hz) / rateHz);
  const b = -radius * radius;
  let last = 0;
  let before = 0;
  return (value) => {
    const out = value * (1 - radius) + a * last + b * before;
    before = last;
    last = out;
    return out;
  };
}
