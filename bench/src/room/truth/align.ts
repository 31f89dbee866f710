import {
  atRecordingRate,
  COARSE_RATE_HZ,
  COARSE_STEP,
  coarse,
  Energies,
  likeness,
  preEmphasized,
  RATE_HZ,
} from './signal.ts';

/**
 * Finds known speech in a recording that went through a codec, a network and a jitter buffer, offline.
 *
 * Windows of 80 ms are compared with the recording one after the other, and the way through all of them is looked for on
 * which they are most alike, where a change of the shift costs: so it follows stretching, concealment and loss. Shares nothing
 * with the packages under test.
 */

const WINDOW_MS = 80;
const HOP_MS = 40;
const WINDOW = (WINDOW_MS * COARSE_RATE_HZ) / 1000;
const HOP = (HOP_MS * COARSE_RATE_HZ) / 1000;

/** Of a change of the shift, in units of likeness: for any, and for each coarse sample. */
const MOVE = 0.1;
const LATER_PER_SAMPLE = 0.0015;
/** A jitter buffer leaves little out at a time. */
const EARLIER_PER_SAMPLE = 0.003;

/**
 * The most that a change to later costs: anything may come in between. As much as two windows that are heard well, or the
 * end of a sentence that the network tore is taken from its repeat. No frame is heard twice, so earlier has no such limit.
 */
const JUMP_LATER = 2;

/**
 * For each second that the first window is further away from where it is expected than any path is from the usual one:
 * tells repeats of a sentence apart, and favours nothing nearby.
 */
const AWAY_PER_SECOND = 8;
const NEAR = (250 * COARSE_RATE_HZ) / 1000;

/** Windows quieter than the loudest of a speech by more than this tell nothing: 30 dB. */
const QUIET_SHARE = 0.001;

/** Mean likeness of the first windows with sound in them, below which nothing was found. */
const FOUND = 0.5;
const FIRST_WINDOWS = 3;

/** A recording made ready to be searched. Places are frames of it. */
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

/** Known speech made ready to be looked for. */
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
  /** Where its first sample lies, in frames and fractions of one: by its first window with sound in it. */
  readonly startFrame: number;
  /** Where its end lies: by its last one. */
  readonly endFrame: number;
  /** The shift of each window, in frames, and how alike it is there. */
  readonly way: readonly { readonly shift: number; readonly likeness: number }[];
  readonly likeness: number;
}

/** Where to look: the first sample lies in the interval, and rather at `expected`. Frames. */
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
  const heads = sounding.slice(0, FIRST_WINDOWS).map((index) => way[index]?.likeness ?? 0);
  const mean = heads.reduce((sum, value) => sum + value, 0) / heads.length;
  if (!(mean >= FOUND)) return undefined;
  const head = sounding.find((index) => (way[index]?.likeness ?? 0) >= FOUND) ?? 0;
  const tail = sounding.findLast((index) => (way[index]?.likeness ?? 0) >= FOUND) ?? 0;
  return {
    startFrame: refined(recording, pattern, head, way[head]?.shift ?? 0),
    endFrame: refined(recording, pattern, tail, way[tail]?.shift ?? 0) + pattern.frames,
    way,
    likeness: mean,
  };
}

/** The way through all windows with the greatest sum of likenesses less what its moves cost. */
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
    // What goes before the first sound tells nothing, so no way moves in it: where it begins is where that sound is.
    const from = index <= firstSound ? Int32Array.from(score, (_, place) => place) : moved(score);
    const here = new Float32Array(count);
    const next = new Float64Array(count);
    for (let place = 0; place < count; place += 1) {
      const origin = from[place] as number;
      const at = first + place + window.at;
      if (window.sounds)
        here[place] = likeness(
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
  const way: { shift: number; likeness: number }[] = [];
  for (let index = froms.length - 1; index >= 0; index -= 1) {
    way.unshift({ shift: (first + place) * COARSE_STEP, likeness: alike[index]?.[place] ?? 0 });
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

/** For each place the one from which it is best reached: itself, the best on one of its sides, or the best of all. */
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
    return likeness(recording.fine, from, heardEnergy, pattern.fine, at, energy, length);
  };
  let best = shift;
  for (let by = shift - 2 * COARSE_STEP; by <= shift + 2 * COARSE_STEP; by += 1)
    if (alike(by) > alike(best)) best = by;
  const [left, middle, right] = [alike(best - 1), alike(best), alike(best + 1)];
  const bend = left - 2 * middle + right;
  return bend < 0 ? best + (left - right) / (2 * bend) : best;
}
