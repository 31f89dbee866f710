// Tests for SPEC.md, BR9: how soon the player looks again.
import { describe, expect, it } from 'vitest';
import { type Agenda, nextTickMs, ReadingSchedule } from '../src/player/player_rhythm.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

const at = (ms: number): PageMs => ms as PageMs;
const agenda = (of: Partial<Agenda>): Agenda => ({
  isIdle: false,
  awaitsStart: false,
  nextDueAtMs: undefined,
  ...of,
});

describe('the next look of the player', () => {
  it.each([
    ['without an output', undefined, 50],
    ['while nothing plays', agenda({ isIdle: true }), 50],
    ['while a response plays', agenda({}), 10],
    ['until a response begins', agenda({ awaitsStart: true }), 4],
    ['when a report is due before that', agenda({ nextDueAtMs: 103 }), 3],
    ['when a report is due after that', agenda({ nextDueAtMs: 140 }), 10],
    ['when a report was due and could not be made', agenda({ nextDueAtMs: 90 }), 10],
  ])('[BR9] %s comes after so many ms', (_, of, ms) => {
    expect(nextTickMs(of, at(100))).toBe(ms);
  });
});

describe('readings of the output', () => {
  it('[BR9] are asked for every 20 ms while something plays, and every 100 ms otherwise', () => {
    const readings = new ReadingSchedule();
    const asks = (ms: number, isBusy: boolean): boolean => {
      const does = readings.asks(at(ms), isBusy);
      if (does) readings.came();
      return does;
    };

    expect([0, 10, 20, 39, 40].map((ms) => asks(ms, true))).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect([100, 139, 140].map((ms) => asks(ms, false))).toEqual([false, false, true]);
  });

  it('[BR9] are not asked for while the page owes one, however long', () => {
    const readings = new ReadingSchedule();
    readings.asks(at(0), true);

    expect(readings.asks(at(60_000), true)).toBe(false);
    readings.came();
    expect(readings.asks(at(60_000), true)).toBe(true);
  });
});
