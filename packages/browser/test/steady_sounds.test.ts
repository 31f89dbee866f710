import {
  inSpeechBand,
  type Playhead,
  pitchAutocorrelation,
  soundOf,
  speechBandKernel,
} from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import { isPeriodic } from '../src/reporter/response/periodic.ts';
import { PERIODIC } from '../src/reporter/tuning.ts';
import { speechLike } from '../test-browser/support/speech_like.ts';
import { type Passage, SoundPath, type SoundPathOptions } from './support/sound_path.ts';
import {
  AGENT_HZ,
  chime,
  joined,
  louder,
  music,
  silence,
  throughRate,
  tone,
  vowel,
} from './support/steady_sounds.ts';

const speech = (seed: number, ms = 1500): Int16Array => speechLike(seed, ms, AGENT_HZ);

/** Sounds that resemble themselves, and others that the benchmark lacks. */
const SOUNDS: Readonly<Record<string, (seed: number) => Int16Array>> = {
  'a vowel of 110 Hz held for 3 s': (seed) => vowel(110, 3000, { seed }),
  'a vowel of 175 Hz held for 3 s': (seed) => vowel(175, 3000, { seed }),
  'a vowel of 250 Hz held for 3 s': (seed) => vowel(250, 3000, { seed }),
  'a vowel as a throat makes it': (seed) => vowel(150, 3000, { shimmer: 1, seed }),
  'a word that ends in a held vowel': (seed) => joined(speech(seed, 700), vowel(140, 2500)),
  'a tone of 440 Hz': () => tone(440, 1500),
  'a tone that each fourth sample of the band misses': () => tone(1000, 1500),
  'a chime': () => chime(523, 1500),
  music: (seed) => music(seed, 3000),
  'a very quiet voice': (seed) => louder(speech(seed), 0.004),
  'a clipped voice': (seed) => louder(speech(seed), 8),
  'a voice of 8 kHz': (seed) => throughRate(speech(seed), 8000),
  'a voice of 44.1 kHz': (seed) => throughRate(speech(seed), 44_100),
  'a voice after digital silence': (seed) => joined(silence(300), speech(seed)),
};

/** Of each response: how long after the end of the one before it leaves, and how long it is under way. The jitter buffer moves. */
const GAPS_MS = [0, 50, 350, 100, 550, 350];
const DELAYS_MS = [120, 135, 110, 160, 120, 125];

/** Speech, the sound, speech at once; then the sound twice, and speech. */
function play(make: (seed: number) => Int16Array, options: SoundPathOptions): SoundPath {
  const path = new SoundPath(options);
  const same = make(50);
  let atMs = 500;
  for (const [index, samples] of [
    speech(1, 900),
    make(1),
    speech(2, 600),
    same,
    same,
    speech(3, 900),
  ].entries()) {
    atMs += GAPS_MS[index] ?? 0;
    path.send(`${index}`, samples, atMs, { delayMs: DELAYS_MS[index] ?? 0 } satisfies Passage);
    atMs += (samples.length * 1000) / AGENT_HZ;
  }
  return path.run();
}

const errorOf = (path: SoundPath, { responseId, startedAtMs }: Playhead): number =>
  Math.abs(startedAtMs - path.soundsAtMs(responseId, 0));

/** By how much a position is farther off than the report says. */
function beyondBound(path: SoundPath, report: Playhead): number {
  const soundsAtMs = path.soundsAtMs(report.responseId, report.heardSamples - 1);
  return Math.abs(report.positionAtMs - soundsAtMs) - report.errorBoundMs;
}

describe('the reporter and sounds that resemble themselves', () => {
  for (const [name, make] of Object.entries(SOUNDS)) {
    it(`[RP18] ${name}, dull, softer and in noise: nothing is missing, wrong or told too exactly`, () => {
      const path = play(make, { noise: 0.2, lowPassHz: 2500, gain: 0.3 });

      for (const id of ['0', '1', '2', '3', '4', '5']) {
        const reports = path.reports.filter((one) => one.responseId === id);
        expect(reports.at(-1)?.phase, id).toBe('ended');
        for (const report of reports) {
          expect(errorOf(path, report), `start of ${id}`).toBeLessThan(report.errorBoundMs);
          // The playhead of the last report says when the end sounded, to a block.
          expect(beyondBound(path, report), `position in ${id}`).toBeLessThan(3);
        }
      }
      for (const after of ['2', '5']) {
        const first = path.reports.find((one) => one.responseId === after) as Playhead;
        expect(errorOf(path, first), 'speech after the sound, as first told').toBeLessThan(1);
      }
    });
  }

  it('[PB16] a response that begins with silence starts with its first sample', () => {
    const path = new SoundPath().send('0', joined(silence(300), speech(1)), 500).run();

    expect(errorOf(path, path.reports[0] as Playhead)).toBeLessThan(1);
  });

  it('[RP18] what stands still inside a vowel is not seen, and the bound of the positions grows until another sound is found', () => {
    const held = joined(vowel(140, 3000), speech(4, 900));
    const path = new SoundPath();
    path.send('0', speech(1, 900), 500).send('1', held, 1600, { gapAtMs: 900, gapMs: 80 }).run();

    const reports = path.reports.filter((one) => one.responseId === '1');
    const boundOf = (fromMs: number, toMs: number): number =>
      Math.max(
        ...reports
          .filter(({ heardSamples: heard }) => heard > fromMs * 24 && heard < toMs * 24)
          .map(({ errorBoundMs }) => errorBoundMs),
      );
    expect(boundOf(2800, 3050)).toBeGreaterThan(boundOf(0, 800) + 70);
    const last = reports.at(-1) as Playhead;
    expect(last.phase).toBe('ended');
    expect(last.errorBoundMs).toBeLessThan(40);
    expect(beyondBound(path, last)).toBeLessThan(0);
  });

  it('[RP18] a start inside a steady sound that goes on from the response before it is an estimate, and says how exact it is', () => {
    const path = new SoundPath();
    const long = tone(400, 4000);
    path.send('0', long.subarray(0, 48_000), 500).send('1', long.subarray(48_000), 2500).run();

    const [first] = path.reports.filter((one) => one.responseId === '1');
    expect(first?.evidence).toBe('estimate');
    expect(errorOf(path, first as Playhead)).toBeLessThan(first?.errorBoundMs ?? 0);
  });
});

it('[RP16] whether a piece is periodic, the page tells as the agent does', () => {
  const kernel = speechBandKernel(AGENT_HZ);
  const said = new Set<boolean>();
  for (const make of [speech, ...Object.values(SOUNDS)])
    for (const seed of [1, 2, 3]) {
      const band = inSpeechBand(make(seed), 4800, 800, { sampleRateHz: AGENT_HZ, kernel });
      const piece = soundOf(band);
      const isHere = isPeriodic(piece);
      said.add(isHere);
      expect(isHere).toBe(pitchAutocorrelation(piece, 0, piece.length) > PERIODIC);
    }
  expect(said).toEqual(new Set([true, false]));
});
