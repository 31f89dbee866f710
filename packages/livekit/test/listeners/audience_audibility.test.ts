// Tests for SPEC.md, "Who can hear": what several listeners and those that do not report amount to.
import type { AgentMs, Audibility } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import {
  type Attendance,
  audibilityOf,
  isOutheard,
  listenersOf,
  sinceOf,
  unansweredSince,
} from '../../src/listeners/audience_audibility.ts';

/** Listeners that report and say what they hear, and others that do not report. */
function attended(
  heard: readonly Audibility[],
  more: Partial<Pick<Attendance, 'others' | 'quorum'>> = {},
): Attendance {
  const reporting = heard.map((audibility) => ({ audibility, hearsSoSinceMs: 0 as AgentMs }));
  return {
    reporting,
    others: 0,
    presence: 'present',
    quorum: 'any',
    comesAndGoes: true,
    ...more,
  };
}

describe('who can hear, of several', () => {
  it.each([
    { heard: ['muted', 'listening'], any: 'listening', all: 'muted' },
    { heard: ['muted', 'silent'], any: 'silent', all: 'muted' },
    { heard: ['silent', 'listening'], any: 'listening', all: 'silent' },
    { heard: ['muted', 'muted'], any: 'muted', all: 'muted' },
  ] as const)('[AU22] $heard: any $any, all $all', ({ heard, any, all }) => {
    expect(audibilityOf(attended(heard))).toBe(any);
    expect(audibilityOf(attended(heard, { quorum: 'all' }))).toBe(all);
  });

  it('[AU22] one that does not report listens as far as is known, though one that reports is muted', () => {
    expect(audibilityOf(attended(['muted'], { others: 1 }))).toBe('listening');
    expect(audibilityOf(attended(['muted'], { others: 1, quorum: 'all' }))).toBe('muted');
    expect(audibilityOf(attended(['silent'], { others: 1 }))).toBe('silent');
  });

  it('[AU22] what one that is muted reports says nothing of one that does not report', () => {
    const muted = { audibility: 'muted' } as const;
    expect(isOutheard(attended(['muted'], { others: 1 }), muted)).toBe(true);
    expect(isOutheard(attended(['muted']), muted)).toBe(false);
    expect(isOutheard(attended(['muted'], { others: 1, quorum: 'all' }), muted)).toBe(false);
  });

  it('[AU22] one of several reports for all only where all must have heard', () => {
    expect(listenersOf(attended(['listening']))).toBe('one');
    expect(listenersOf(attended(['listening', 'muted']))).toBe('several');
    expect(listenersOf(attended(['listening'], { others: 1 }))).toBe('several');
    expect(listenersOf(attended(['listening', 'muted'], { quorum: 'all' }))).toBe('one');
  });

  it('[AU22] that all are muted is so since the last of them is, whoever says so last', () => {
    const attendance: Attendance = {
      ...attended([]),
      reporting: [
        { audibility: 'muted', hearsSoSinceMs: 700 as AgentMs },
        { audibility: 'muted', hearsSoSinceMs: 400 as AgentMs },
      ],
    };
    const muted = { before: 'listening', now: 'muted', changedAtMs: 400 as AgentMs } as const;
    const unmuted = { before: 'muted', now: 'listening', changedAtMs: 400 as AgentMs } as const;
    expect(sinceOf(attendance, muted)).toBe(700);
    expect(sinceOf({ ...attendance, quorum: 'all' }, muted)).toBe(400);
    expect(sinceOf(attendance, unmuted)).toBe(400);
  });

  it('[AU12][AU22] the answer of one that is muted says nothing of one that does not answer', () => {
    const one = (audibility: Audibility, unknownSinceMs?: number) => ({
      isHere: true,
      audibility,
      unknownSinceMs: unknownSinceMs as AgentMs | undefined,
    });
    expect(unansweredSince([one('muted'), one('listening', 700)], 'any')).toBe(700);
    expect(unansweredSince([one('listening'), one('listening', 700)], 'any')).toBeUndefined();
    expect(unansweredSince([one('muted', 500)], 'any')).toBe(500);
    expect(unansweredSince([one('muted', 500), one('listening')], 'all')).toBe(500);
  });
});
