import { describe, expect, it } from 'vitest';
import { PlayerClock } from '../src/player/output/player_clock.ts';
import type { PageMs } from '../src/shared/page_clock.ts';

function ms(value: number): PageMs {
  return value as PageMs;
}

/** Readings every 20 ms of an output that plays `contextMs` at `contextMs + offsetMs`. */
function read(clock: PlayerClock, fromMs: number, count: number, offsetMs: number): void {
  for (let index = 0; index < count; index += 1) {
    const contextMs = fromMs + index * 20;
    clock.add({ contextMs, atMs: ms(contextMs + offsetMs), ageMs: 0, extraBoundMs: 0 });
  }
}

/** Readings until 300, at an offset of 200. */
function steady(): PlayerClock {
  const clock = new PlayerClock();
  read(clock, 20, 15, 200);
  return clock;
}

describe("the player's clock of its output", () => {
  it('[BR10] a frame that had not been rendered when it should have sounded is not dated until a reading tells of the stall', () => {
    const clock = steady();

    clock.notYetRendered(330, ms(1500));

    expect(clock.toPage(340)).toBeUndefined();
    expect(clock.toPage(290)?.atMs).toBe(490);
    expect(clock.isSet).toBe(true);
    // Nothing new sounds while the output stands still.
    expect(clock.toContextMs(ms(1510))).toBe(300);

    read(clock, 340, 1, 1190);

    expect(clock.toPage(360)?.atMs).toBe(1550);
    expect(clock.toContextMs(ms(1550))).toBe(360);
  });

  it('[BR10] a reading from before the stall is ignored', () => {
    const clock = steady();
    clock.notYetRendered(330, ms(1500));

    read(clock, 310, 2, 200);

    expect(clock.toPage(340)).toBeUndefined();
  });

  it('[BR10] what was rendered before the stall and had not sounded by the last reading is uncertain by the length of the stall', () => {
    const clock = steady();
    clock.notYetRendered(330, ms(1500));
    read(clock, 340, 1, 1190);

    expect(clock.toPage(290)).toEqual({ atMs: 490, errorBoundMs: 15 });
    expect(clock.toPage(320)).toEqual({ atMs: 520, errorBoundMs: 15 + 990 });
    expect(clock.toPage(335)).toEqual({ atMs: 1525, errorBoundMs: 15 });
  });

  it('[BR10] a frame that sounds after it is rendered shows no stall', () => {
    const clock = steady();

    clock.notYetRendered(330, ms(506));
    // Within the jitter of the readings.
    clock.notYetRendered(340, ms(542));

    expect(clock.toPage(350)).toEqual({ atMs: 550, errorBoundMs: 15 });
  });

  it('[BR10] a second stall before the first reading is told by what was rendered after that', () => {
    const clock = steady();
    clock.notYetRendered(330, ms(1500));
    clock.notYetRendered(350, ms(2600));

    read(clock, 340, 1, 1190);
    clock.notYetRendered(360, ms(2610));
    expect(clock.toPage(370)).toBeUndefined();

    read(clock, 380, 1, 2275);

    expect(clock.toPage(400)?.atMs).toBe(2675);
  });

  it('[BR10] a worklet that is asked again and again while nothing is read does not make the reading old', () => {
    const clock = steady();
    for (let past = 0; past < 10; past += 1)
      clock.notYetRendered(330 + past * 10, ms(1500 + past * 10));

    // A pair tells of an instant some ms ago.
    read(clock, 390, 1, 1190);

    expect(clock.toPage(400)?.atMs).toBe(1590);
  });

  it('[BR10] an output that makes up for a stall is dated by its next reading', () => {
    const clock = steady();
    clock.notYetRendered(330, ms(600));

    read(clock, 500, 1, 200);

    expect(clock.toPage(600)).toEqual({ atMs: 800, errorBoundMs: 15 });
  });

  it('[BR10] where readings deny three stalls they are believed until the device changes', () => {
    const clock = steady();
    for (const contextMs of [400, 500, 600]) {
      clock.notYetRendered(contextMs, ms(contextMs + 250));
      expect(clock.toPage(contextMs)).toBeUndefined();
      read(clock, contextMs + 60, 1, 200);
    }

    clock.notYetRendered(700, ms(950));

    expect(clock.toPage(700)?.atMs).toBe(900);

    clock.reset();
    read(clock, 700, 1, 200);
    clock.notYetRendered(740, ms(1100));
    expect(clock.toPage(740)).toBeUndefined();
  });

  it('[BR10] a stall that follows another one keeps the instants between them', () => {
    const clock = steady();
    clock.notYetRendered(310, ms(1500));
    read(clock, 320, 10, 1200);
    clock.notYetRendered(510, ms(2710));
    expect(clock.toPage(400)?.atMs).toBe(1600);

    read(clock, 520, 10, 2210);

    expect([400, 600].map((contextMs) => clock.toPage(contextMs)?.atMs)).toEqual([1600, 2810]);
    expect(clock.toContextMs(ms(2810))).toBe(600);
  });

  it('[BR10] a stall that is confirmed makes good for those that were denied', () => {
    const clock = steady();
    const stall = (contextMs: number, offsetMs: number): void => {
      clock.notYetRendered(contextMs, ms(contextMs + 300));
      expect(clock.toPage(contextMs)).toBeUndefined();
      read(clock, contextMs + 110, 1, offsetMs);
    };
    stall(400, 200);
    stall(600, 200);
    stall(800, 300);
    clock.reset();
    read(clock, 1000, 1, 200);
    stall(1200, 200);
    stall(1400, 200);
    stall(1600, 310);
    // An output that is early again, and stands still once more.
    read(clock, 1800, 15, 200);
    stall(2200, 200);

    clock.notYetRendered(2400, ms(2700));

    expect(clock.toPage(2400)).toBeUndefined();
  });

  it('[BR10] readings that may be early by themselves show no stall within their bound', () => {
    const clock = new PlayerClock();
    clock.add({ contextMs: 300, atMs: ms(500), ageMs: 25, extraBoundMs: 125 });

    clock.notYetRendered(330, ms(650));
    expect(clock.toPage(340)?.atMs).toBe(540);

    clock.notYetRendered(340, ms(680));
    expect(clock.toPage(350)).toBeUndefined();
  });

  it('[BR10] a new device ends the stall, and nothing is known until its first reading', () => {
    const clock = steady();
    clock.notYetRendered(330, ms(1500));

    clock.reset();

    expect(clock.isSet).toBe(false);
    read(clock, 340, 1, 50);
    expect(clock.toPage(340)?.atMs).toBe(390);
  });
});
