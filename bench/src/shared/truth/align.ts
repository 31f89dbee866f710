import {
  atRecordingRate,
  COARSE_RATE_HZ,
  COARSE_STEP,
  coarse,
  correlation,
  Energies,
  preEmphasized,
  RATE_HZ,
} from './signal.ts';

/**
 * Finds known speech in a recording that went through a codec, a network and a jitter buffer, offline.
 *
 * Compares windows of 80 ms with the recording and finds the sequence of shifts with the highest total correlation, where
 * each change of the shift has a cost. So it follows stretching, concealment and loss. Shares no code with the packages
 * under test.
 */

const WINDOW_MS = 80;
const HOP_MS = 40;
const WINDOW = (WINDOW_MS * COARSE_RATE_HZ) / 1000;
const HOP = (HOP_MS * COARSE_RATE_HZ) / 1000;

/** Cost of a change of the shift, in units of correlation: for any change, and for each coarse sample of it. */
const MOVE = 0.1;
const LATER_PER_SAMPLE = 0.0015;
/** A jitter buffer drops little at a time. */
const EARLIER_PER_SAMPLE = 0.003;

/**
 * The maximum cost of a change to a later shift, since a pause of any length may come in between. It equals the
 * correlation of two windows that are heard well: with less, the end of a sentence that the network damaged would be taken
 * from its repetition. No frame is heard twice, so a change to an earlier shift has no maximum.
 */
const JUMP_LATER = 2;

/**
 * Cost for each second by which the first window is further from its expected place than any path can be from the usual
 * one. It separates repetitions of a sentence, and prefers no place nearby.
 */
const AWAY_PER_SECOND = 8;
const NEAR = (250 * COARSE_RATE_HZ) / 1000;

/** Windows that are quieter than the loudest of a speech by more than this are ignored: 30 dB. */
const QUIET_SHARE = 0.001;

/** Minimum mean correlation of the first windows with sound in them for a speech to count as found. */
const FOUND = 0.5;
const FIRST_WINDOWS = 3;

/** A recording, prepared for the search. Places are its frames. */
export class Searchable {
  readonly fine: Float32Array;
  readonly coarse: Float32Array;
  readonly fineEnergies: Energies;
  readonly coarseEnergies: Energies;

  constructor(samples: Int16Array) {
    this.fine = preEmphasized(Float32Array.from(samples, (sample) => sample / 32_768));
    this.coarse = coarse(this.fine);
    this.fineEnergies = new Energies(this.fine);
    this.coarseEnergies = new Energies(this.coarse);
  }
}

/** Known speech, prepared for the search. */
export class Pattern extends Searchable {
  readonly frames: number;
  /** First coarse samples of the windows, and whether each has sound in it. */
  readonly windows: readonly {
    readonly at: number;
    readonly energy: number;
    readonly sounds: boolean;
  }[];

  constructor(samples: Int16Array, rateHz: number) {
    const atRate = atRecordingRate(samples, rateHz);
    super(Int16Array.from(atRate, (sample) => Math.round(sample * 32_767)));
    this.frames = atRate.length;
    const all: { at: number; energy: number }[] = [];
    for (let at = 0; at + WINDOW <= this.coarse.length; at += HOP)
      all.push({ at, energy: this.coarseEnergies.of(at, at + WINDOW) });
    const loudest = Math.max(...all.map(({ energy }) => energy));
    this.windows = all.map((one) => ({ ...one, sounds: one.energy > QUIET_SHARE * loudest }));
  }
}

/** Speech found in a recording. */
export interface Found {
  /** Place of its first sample, in frames with fractions, from its first window with sound in it. */
  readonly startFrame: number;
  /** Place of its end, from its last such window. */
  readonly endFrame: number;
  /** The shift of each window, in frames, and its correlation there. */
  readonly way: readonly { readonly shift: number; readonly correlation: number }[];
  readonly correlation: number;
}

/** Where to search, in frames: the first sample is in the interval, most likely at `expected`. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly expected: number;
}

export function align(
  recording: Searchable,
  pattern: Pattern,
  interval: Interval,
): Found | undefined {
  const first = Math.floor(interval.from / COARSE_STEP);
  const count = Math.ceil(interval.to / COARSE_STEP) - first + 1;
  if (count <= 0 || pattern.windows.length === 0) return undefined;
  const way = bestWay(recording, pattern, first, count, interval.expected / COARSE_STEP);
  const sounding = pattern.windows.flatMap(({ sounds }, index) => (sounds ? [index] : []));
  const heads = sounding.slice(0, FIRST_WINDOWS).map((index) => way[index]?.correlation ?? 0);
  const mean = heads.reduce((sum, value) => sum + value, 0) / heads.length;
  if (!(mean >= FOUND)) return undefined;
  const head = sounding.find((index) => (way[index]?.correlation ?? 0) >= FOUND) ?? 0;
  const tail = sounding.findLast((index) => (way[index]?.correlation ?? 0) >= FOUND) ?? 0;
  return {
    startFrame: refined(recording, pattern, head, way[head]?.shift ?? 0),
    endFrame: refined(recording, pattern, tail, way[tail]?.shift ?? 0) + pattern.frames,
    way,
    correlation: mean,
  };
}

/** The sequence of shifts with the highest sum of correlations minus the cost of its changes. */
function bestWay(
  recording: Searchable,
  pattern: Pattern,
  first: number,
  count: number,
  expected: number,
): Found['way'] {
  const froms: Int32Array[] = [];
  const alike: Float32Array[] = [];
  let score = new Float64Array(count);
  for (let place = 0; place < count; place += 1) {
    const away = Math.max(0, Math.abs(first + place - expected) - NEAR);
    score[place] = (-AWAY_PER_SECOND * away) / COARSE_RATE_HZ;
  }
  const firstSound = pattern.windows.findIndex(({ sounds }) => sounds);
  for (const [index, window] of pattern.windows.entries()) {
    // Silence before the first sound cannot be matched, so the shift does not change there.
    const from = index <= firstSound ? Int32Array.from(score, (_, place) => place) : moved(score);
    const here = new Float32Array(count);
    const next = new Float64Array(count);
    for (let place = 0; place < count; place += 1) {
      const origin = from[place] as number;
      const at = first + place + window.at;
      if (window.sounds)
        here[place] = correlation(
          recording.coarse,
          at,
          recording.coarseEnergies.of(at, at + WINDOW),
          pattern.coarse,
          window.at,
          window.energy,
          WINDOW,
        );
      next[place] = (score[origin] as number) - cost(origin, place) + (here[place] as number);
    }
    froms.push(from);
    alike.push(here);
    score = next;
  }
  let place = largest(score);
  const way: { shift: number; correlation: number }[] = [];
  for (let index = froms.length - 1; index >= 0; index -= 1) {
    way.unshift({ shift: (first + place) * COARSE_STEP, correlation: alike[index]?.[place] ?? 0 });
    place = froms[index]?.[place] ?? place;
  }
  return way;
}

function cost(from: number, to: number): number {
  if (from === to) return 0;
  return from < to
    ? Math.min(JUMP_LATER, MOVE + LATER_PER_SAMPLE * (to - from))
    : MOVE + EARLIER_PER_SAMPLE * (from - to);
}

/** For each place, the best predecessor: itself, the best on one of its sides, or the best of all. */
function moved(score: Float64Array): Int32Array {
  const from = new Int32Array(score.length);
  const best = largest(score);
  const lefts = new Int32Array(score.length);
  let left = 0;
  for (let place = 0; place < score.length; place += 1) {
    if ((score[place] as number) >= (score[left] as number) - LATER_PER_SAMPLE * (place - left))
      left = place;
    lefts[place] = left;
  }
  let right = score.length - 1;
  for (let place = score.length - 1; place >= 0; place -= 1) {
    if ((score[place] as number) >= (score[right] as number) - EARLIER_PER_SAMPLE * (right - place))
      right = place;
    from[place] = bestOrigin(score, place, [lefts[place] as number, right, best]);
  }
  return from;
}

function bestOrigin(score: Float64Array, place: number, origins: readonly number[]): number {
  let best = place;
  for (const origin of origins) {
    const now = (score[origin] as number) - cost(origin, place);
    if (now > (score[best] as number) - cost(best, place)) best = origin;
  }
  return best;
}

function largest(values: Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1)
    if ((values[index] as number) > (values[best] as number)) best = index;
  return best;
}

/** The shift of one window to a fraction of a frame. */
function refined(recording: Searchable, pattern: Pattern, index: number, shift: number): number {
  const at = (pattern.windows[index]?.at ?? 0) * COARSE_STEP;
  const length = Math.min((WINDOW_MS * RATE_HZ) / 1000, pattern.fine.length - at);
  const energy = pattern.fineEnergies.of(at, at + length);
  const alike = (by: number): number => {
    const from = at + by;
    const heardEnergy = recording.fineEnergies.of(from, from + length);
    return correlation(recording.fine, from, heardEnergy, pattern.fine, at, energy, length);
  };
  let best = shift;
  for (let by = shift - 2 * COARSE_STEP; by <= shift + 2 * COARSE_STEP; by += 1)
    if (alike(by) > alike(best)) best = by;
  const [left, middle, right] = [alike(best - 1), alike(best), alike(best + 1)];
  const bend = left - 2 * middle + right;
  return bend < 0 ? best + (left - right) / (2 * bend) : best;
}
