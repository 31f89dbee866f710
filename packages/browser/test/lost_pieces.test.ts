import type { Playhead } from '@oncue/core/wire';
import { describe, expect, it } from 'vitest';
import type { FrameClock } from '../src/reporter/frame_clock.ts';
import { HeardTrack } from '../src/reporter/response/heard_track.ts';
import { TrackReports } from '../src/reporter/response/track_reports.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

const RATE_HZ = 24_000;
const FRAMES_PER_SAMPLE = 2;
const BEGINS_AT_FRAME = 48_000;

/**
 * A response of which pieces were looked for, and which of them were found: instants in ms of the response.
 *
 * @param laterMs By how much their fingerprints came after they were rendered.
 */
function heard(
  pieces: Readonly<Record<number, 'found' | 'missed' | 'sought'>>,
  laterMs = -100,
): HeardTrack {
  const track = new HeardTrack('a' as Playhead['responseId'], RATE_HZ);
  for (const [at, what] of Object.entries(pieces)) {
    const atSample = (Number(at) * RATE_HZ) / 1000;
    const frame = BEGINS_AT_FRAME + atSample * FRAMES_PER_SAMPLE;
    const arrivedFrame = frame + laterMs * 48;
    const piece = track.addPiece(atSample, Number(at), new Int8Array(8), arrivedFrame);
    if (!piece) throw new TypeError('the same piece twice');
    if (what === 'found')
      track.found(piece, { frame, correlation: 0.9, isCertain: true, spreadMs: 0 });
    if (what === 'missed') track.missed(piece);
  }
  return track;
}

const samples = (ms: number): number => (ms * RATE_HZ) / 1000;

describe('pieces that are not found', () => {
  it.each([
    [{ 0: 'found' }, 'device'],
    [{ 0: 'missed', 100: 'found' }, 'device'],
    [{ 0: 'missed', 100: 'missed', 400: 'found' }, 'estimate'],
    [{ 0: 'missed', 100: 'missed', 700: 'found' }, 'estimate'],
  ] as const)('[RP19] of a start with the pieces %o the evidence is "%s"', (pieces, evidence) => {
    expect(heard(pieces).start).toMatchObject({ evidence, frame: BEGINS_AT_FRAME });
  });

  it.each([
    [0, 25],
    [28, 29],
  ])(
    '[RP18] a start that is computed from a later piece, which may lie %i ms away, has a bound of %i ms',
    (spreadMs, boundMs) => {
      const track = new HeardTrack('a' as Playhead['responseId'], RATE_HZ);
      const piece = track.addPiece(samples(700), 700, new Int8Array(8), BEGINS_AT_FRAME);
      if (piece) track.found(piece, { frame: 81_600, correlation: 0.9, isCertain: true, spreadMs });

      expect(track.start).toEqual({ frame: BEGINS_AT_FRAME, evidence: 'device', boundMs });
    },
  );

  it.each([
    [{ 0: 'missed', 100: 'found' }, -10, 'device'],
    [{ 0: 'missed', 100: 'found' }, 10, 'estimate'],
    [{ 0: 'sought', 100: 'found' }, 10, 'estimate'],
    [{ 0: 'found', 100: 'found' }, 10, 'device'],
  ] as const)(
    '[RP19] of a start with the pieces %o, told %i ms after they should have sounded, the evidence is "%s"',
    (pieces, laterMs, evidence) => {
      expect(heard(pieces, laterMs).start).toMatchObject({ evidence, frame: BEGINS_AT_FRAME });
    },
  );

  it('[RP19] a position is in doubt from a piece that was missed to the next one that is found', () => {
    const track = heard({ 0: 'found', 700: 'missed', 1300: 'found', 1900: 'sought' });

    const doubts = [0, 699, 700, 1299, 1300, 2000].map((ms) => track.isInDoubt(samples(ms)));

    expect(doubts).toEqual([false, false, true, true, false, false]);
  });

  it('[RP19] reports say "estimate" for a position in doubt, and "device" again after it', () => {
    const track = heard({ 0: 'found', 700: 'missed', 1300: 'found' });
    const clock = { toPage: (frame: number) => ({ atMs: frame / 48, errorBoundMs: 1 }) };
    const reports = new TrackReports(track, clock as unknown as FrameClock);

    const said = [650, 950, 1250, 1550].flatMap((ms) => {
      const nowMs = (1000 + ms) as PageMs;
      const frame = BEGINS_AT_FRAME + ms * 48;
      reports.follow(nowMs, frame, {
        frames: frame,
        onsetFrame: 0,
        loudUntilFrame: frame,
        packets: [],
      });
      return reports.take(nowMs).map(({ report }) => report.evidence);
    });

    expect(said).toEqual(['device', 'estimate', 'estimate', 'device']);
  });
});

describe('an end before which all is quiet', () => {
  const endFrame = (what: 'found' | 'missed' | 'sought', laterMs: number): number => {
    const track = heard({ 0: 'found', 700: what }, laterMs);
    track.totalSamples = samples(1000);
    return track.endFrame({
      frames: 96_000,
      onsetFrame: BEGINS_AT_FRAME,
      loudUntilFrame: 57_600,
      packets: [],
    });
  };

  it.each([
    ['found', -100],
    ['found', 900],
    ['missed', -100],
    ['sought', -100],
  ] as const)(
    '[RP23] is shown by a piece near it that was %s and came %i ms after it was rendered',
    (what, laterMs) => {
      expect(endFrame(what, laterMs)).toBe(BEGINS_AT_FRAME + 1000 * 48);
    },
  );

  it.each([
    ['missed', 900],
    ['sought', 900],
  ] as const)(
    '[RP23] is not shown by a piece near it that was %s and came %i ms after it was rendered',
    (what, laterMs) => {
      expect(endFrame(what, laterMs)).toBe(Number.POSITIVE_INFINITY);
    },
  );
});
