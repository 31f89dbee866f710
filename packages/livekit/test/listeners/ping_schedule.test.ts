// Tests for SPEC.md, LW16: when a listener is pinged.
import type { AgentMs } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { PingSchedule } from '../../src/listeners/ping_schedule.ts';

const at = (ms: number): AgentMs => ms as AgentMs;

/** A schedule whose first pings are over, and answered at once. */
function afterBurst(nowMs: number): PingSchedule {
  const pings = new PingSchedule(200, at(0));
  for (let count = 0; count < 6; count += 1) pings.pinged(at(nowMs));
  pings.heard(at(nowMs));
  return pings;
}

describe('a listener is pinged', () => {
  it('[LW16] six times in 200 ms when it has joined, and again when it joins again', () => {
    const pings = new PingSchedule(1000, at(0));
    const need = (ms: number) => ({ nowMs: at(ms), isClockKnown: false, isPlaying: false });
    const burst = (fromMs: number): number[] => {
      const instants: number[] = [];
      let nowMs = fromMs;
      for (let count = 0; count < 7; count += 1) {
        nowMs += pings.dueInMs(need(nowMs));
        instants.push(nowMs - fromMs);
        pings.pinged(at(nowMs));
        pings.heard(at(nowMs));
      }
      return instants;
    };

    expect(burst(5000)).toEqual([0, 40, 80, 120, 160, 200, 1200]);
    pings.restart();
    expect(burst(9000)).toEqual([0, 40, 80, 120, 160, 200, 1200]);
    expect(pings.heardAtMs).toBe(10_200);
  });

  it('[LW16] at once if a ping is late', () => {
    const pings = new PingSchedule(200, at(0));
    pings.pinged(at(0));
    const need = { nowMs: at(500), isClockKnown: false, isPlaying: false };
    expect(pings.dueInMs(need)).toBe(0);
    expect(afterBurst(100).dueInMs(need)).toBe(0);
    const waiting = afterBurst(100);
    waiting.pinged(at(350));
    expect(waiting.dueInMs(need)).toBe(50);
  });

  it('[LW16] often while its clock is not known well', () => {
    const need = { nowMs: at(1000), isClockKnown: false, isPlaying: false };
    expect(afterBurst(1000).dueInMs(need)).toBe(200);
  });

  it('[LW16] half as often when its clock is not known well after 64 pings', () => {
    const pings = afterBurst(1000);
    for (let count = 0; count < 58; count += 1) pings.pinged(at(1000));
    pings.heard(at(1000));
    const need = { nowMs: at(1000), isClockKnown: false, isPlaying: true };
    expect(pings.dueInMs(need)).toBe(400);
  });

  it('[LW16] once a second when its clock is known and nothing plays', () => {
    const need = { nowMs: at(1300), isClockKnown: true, isPlaying: false };
    expect(afterBurst(1000).dueInMs(need)).toBe(700);
  });

  it('[LW16] as soon as it has been quiet for an interval though something plays', () => {
    const pings = afterBurst(1000);
    const need = { nowMs: at(1300), isClockKnown: true, isPlaying: true };
    expect(pings.dueInMs(need)).toBe(0);
    pings.heard(at(1250));
    expect(pings.dueInMs(need)).toBe(150);
  });

  it('[LW16] again after an interval if it has not answered', () => {
    const pings = afterBurst(1000);
    pings.pinged(at(2000));
    const need = { nowMs: at(2000), isClockKnown: true, isPlaying: false };
    expect(pings.dueInMs(need)).toBe(200);
  });

  it('[AU12] is not overdue while it is heard of, though a ping waits', () => {
    const pings = new PingSchedule(200, at(0));
    pings.heard(at(1000));
    pings.pinged(at(1010));
    expect(pings.overdueInMs(at(1300))).toBe(150);
  });

  it('[AU12] and is overdue when it is quiet and a ping has waited for longer than an interval', () => {
    const pings = afterBurst(1000);
    expect(pings.overdueInMs(at(1900))).toBe(Number.POSITIVE_INFINITY);
    pings.pinged(at(2000));
    expect(pings.overdueInMs(at(2000))).toBe(250);
    expect(pings.overdueInMs(at(2250))).toBe(0);
    pings.heard(at(2260));
    expect(pings.overdueInMs(at(2300))).toBe(Number.POSITIVE_INFINITY);
  });
});
