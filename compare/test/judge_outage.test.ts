import { describe, expect, it } from 'vitest';
import { Ear } from '../src/fakes/ear.ts';
import { aspectsOf } from '../src/judge/aspects.ts';
import { delays } from '../src/judge/delays.ts';
import { judge } from '../src/judge/verdict.ts';
import type { Observed } from '../src/observed.ts';
import type { Scenario } from '../src/scenario.ts';
import {
  MADE,
  observed,
  STARTED_AT_MS,
  scenario,
  TEXT,
  WORD_MS,
  WORD_SAMPLES,
} from './support/judged.ts';

describe('what comes later than on plain LiveKit', () => {
  const PLAIN_AT_MS = 1000;

  /** The instants of a message and of the answer after it. */
  const run = (messageAtMs: number, answerAtMs: number): Observed => {
    const told = [{ id: 'm', text: TEXT, interrupted: false, atMs: messageAtMs }];
    return {
      ...observed(new Ear(), []),
      itemsTold: { before: told, after: told },
      said: [{ firstWord: { text: 'iota ', level: 99 }, atMs: answerAtMs }],
    };
  };
  const plain = run(PLAIN_AT_MS, PLAIN_AT_MS + 500);
  const lateBy = (messageMs: number, answerMs: number, of: Scenario = scenario('page')): string[] =>
    delays(of, plain, run(PLAIN_AT_MS + messageMs, PLAIN_AT_MS + 500 + answerMs));

  it('is worse, a message or an answer, if it is more than knowing takes', () => {
    expect(lateBy(211, 0)).toEqual([
      'the message "alpha …" comes 211 ms later, allowed are 210 ms',
    ]);
    expect(lateBy(0, 211)).toEqual(['the answer "iota …" comes 211 ms later, allowed are 210 ms']);
    expect(judge(scenario('page'), plain, run(PLAIN_AT_MS + 300, 1500)).worse).toContain(
      'the message "alpha …" comes 300 ms later, allowed are 210 ms',
    );
  });

  it('is not, if it is what knowing takes, or comes after what was late', () => {
    expect(lateBy(210, 210)).toEqual([]);
    expect(lateBy(200, 400)).toEqual([]);
  });

  it('is judged by when it sounds, where it sounds on both sides, and not by when it is said', () => {
    const heardAt = (saidAtMs: number, soundsAtMs: number): Observed => {
      const [alpha] = MADE;
      const ear = new Ear();
      ear.hear(new Int16Array(WORD_SAMPLES).fill(alpha?.level ?? 0), soundsAtMs);
      const firstWord = { text: 'alpha ', level: alpha?.level ?? 0 };
      return { ...observed(ear, []), said: [{ firstWord, atMs: saidAtMs }] };
    };
    const lines = (saidAtMs: number, soundsAtMs: number): string[] =>
      delays(scenario('page'), heardAt(100, 200), heardAt(saidAtMs, soundsAtMs));

    expect(lines(100, 411)).toEqual([
      'the answer "alpha …" comes 211 ms later, allowed are 210 ms',
    ]);
    expect(lines(400, 200)).toEqual([]);
  });

  it('is worse, if small delays add up in a turn, and not if they add up over several', () => {
    const turn = (lateMs: number, untilMs = 0): Observed => ({
      ...run(PLAIN_AT_MS + 3 * lateMs + untilMs, 0),
      said: ['one', 'two', 'three'].map((text, place) => ({
        firstWord: { text, level: 90 + place },
        atMs: 100 * place + lateMs * (place + 1),
      })),
    });
    const lines = (lateMs: number): string[] => delays(scenario('page'), turn(0), turn(lateMs));

    expect(lines(67)).toEqual([]);
    expect(lines(100)).toEqual(['the answer "three …" comes 300 ms later, allowed are 270 ms']);
    expect(lateBy(200, 400)).toEqual([]);
  });

  it('is not, if a rule says that Oncue waits so long', () => {
    const steps = [{ atMs: 0, do: 'network_goes' }] as const;

    expect(lateBy(1210, 0, { ...scenario('room'), steps })).toEqual([]);
    expect(lateBy(1211, 0, { ...scenario('room'), steps })).toHaveLength(1);
  });

  it('is worse, if it waits so long again for the same reason', () => {
    const goes = { atMs: 0, do: 'network_goes' } as const;
    const again = { atMs: 1300, do: 'network_goes' } as const;

    expect(lateBy(1210, 2420, { ...scenario('room'), steps: [goes] })).toEqual([
      'the answer "iota …" comes 2420 ms later, allowed are 1420 ms',
    ]);
    expect(lateBy(1210, 2420, { ...scenario('room'), steps: [goes, again] })).toEqual([]);
  });

  it('has no reason in what comes after it', () => {
    const steps = [{ atMs: 3000, do: 'network_goes' }] as const;

    expect(lateBy(1210, 0, { ...scenario('room'), steps })).toHaveLength(1);
  });
});

describe('the state in an outage', () => {
  const GOES_AT_MS = STARTED_AT_MS + WORD_MS;
  const of: Scenario = {
    ...scenario('room'),
    steps: [{ atMs: GOES_AT_MS, do: 'network_goes' }],
  };

  /** The first word sounds; the others are lost on the way. States come at instants after its start. */
  const run = (
    states: readonly (readonly [Observed['states'][number]['state'], number])[],
  ): Observed => {
    const ear = new Ear();
    ear.cannotHear(GOES_AT_MS, 'can_be_known', 'cut_off');
    for (const [place, { level }] of MADE.entries()) {
      const samples = new Int16Array(WORD_SAMPLES).fill(level);
      if (place === 0) ear.hear(samples, STARTED_AT_MS);
      else ear.lose(samples, STARTED_AT_MS + place * WORD_MS);
    }
    return {
      ...observed(ear, []),
      states: states.map(([state, atMs]) => ({ state, atMs: STARTED_AT_MS + atMs })),
    };
  };
  const stateOf = (one: Observed) => {
    const aspect = aspectsOf(of, one).find(({ name }) => name === 'state (ms)');
    return { error: aspect?.error, ifTrue: aspect?.ifTrue };
  };
  const allMs = MADE.length * WORD_MS;

  it('may be speaking, or not, while something may be heard', () => {
    expect(
      stateOf(
        run([
          ['speaking', 0],
          ['listening', allMs],
        ]),
      ).error,
    ).toBe(0);
    expect(
      stateOf(
        run([
          ['speaking', 0],
          ['listening', WORD_MS],
        ]),
      ).error,
    ).toBe(0);
  });

  it('is counted for each that may be true', () => {
    expect(
      stateOf(
        run([
          ['speaking', 0],
          ['listening', WORD_MS],
        ]),
      ).ifTrue,
    ).toEqual([0, 300]);
    expect(
      stateOf(
        run([
          ['listening', 0],
          ['speaking', WORD_MS],
          ['listening', allMs],
        ]),
      ).ifTrue,
    ).toEqual([400, 100]);
  });

  it('is awaited just after the network has gone, if the end of what sounded then is', () => {
    const isOf = (untilMs: number) =>
      stateOf(
        run([
          ['speaking', 0],
          ['listening', untilMs],
        ]),
      ).error;

    expect(isOf(WORD_MS + 500)).toBe(0);
    expect(isOf(WORD_MS + 600)).toBe(95);
  });

  it('is wrong then, if it began in silence, or long after the end', () => {
    expect(
      stateOf(
        run([
          ['speaking', 0],
          ['listening', allMs],
          ['speaking', allMs + 50],
          ['listening', allMs + 100],
        ]),
      ).error,
    ).toBe(50);
    const later: Scenario = { ...of, steps: [{ atMs: GOES_AT_MS + 600, do: 'network_goes' }] };
    const late = run([
      ['speaking', 0],
      ['listening', WORD_MS + 700],
    ]);
    expect(aspectsOf(later, late).find(({ name }) => name === 'state (ms)')?.error).toBe(400);
  });

  it('is worse than on plain LiveKit only if it is so in a case that may be true', () => {
    // Plain is wrong whatever is true, and at no instant is that certain.
    const plain = run([
      ['speaking', 0],
      ['listening', WORD_MS],
      ['speaking', 2.5 * WORD_MS],
      ['listening', allMs],
    ]);
    expect(stateOf(plain)).toEqual({ error: 0, ifTrue: [150, 150] });
    const worse = (oncue: Observed): string[] =>
      judge(of, plain, oncue).worse.filter((line) => line.startsWith('state'));
    const late = run([
      ['listening', 0],
      ['speaking', 70],
      ['listening', allMs],
    ]);
    const never = run([['listening', 0]]);

    expect(stateOf(late)).toEqual({ error: 70, ifTrue: [70, 70] });
    expect(worse(late)).toEqual([]);
    expect(stateOf(never)).toEqual({ error: 100, ifTrue: [100, 400] });
    expect(worse(never)).toHaveLength(1);
  });

  it('is worse, if it is so in each case that may be true', () => {
    // It speaks while he may hear, and while he may not. Neither is an error: each may be right.
    const plain = run([
      ['speaking', 0],
      ['listening', allMs],
    ]);
    const flickers = run([
      ['speaking', 0],
      ...[1, 2, 3].flatMap((word): (readonly ['speaking' | 'listening', number])[] => [
        ['listening', word * WORD_MS],
        ['speaking', (word + 0.5) * WORD_MS],
      ]),
      ['listening', allMs],
    ]);

    expect(stateOf(plain)).toEqual({ error: 0, ifTrue: [0, 0] });
    expect(stateOf(flickers)).toEqual({ error: 0, ifTrue: [150, 150] });
    expect(judge(of, plain, flickers).worse).toHaveLength(1);
  });
});
