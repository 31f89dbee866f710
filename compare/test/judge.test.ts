import type { OncueEvent } from '@oncue/core';
import { describe, expect, it } from 'vitest';
import { type DeafnessKnown, type DeafnessWhy, Ear } from '../src/fakes/ear.ts';
import { aspectsOf } from '../src/judge/aspects.ts';
import { overstatements } from '../src/judge/statements.ts';
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

/** An ear to which the first words come, and that cannot hear them after the first. */
function earMutedAfterAlpha(known: DeafnessKnown, cameCount: number): Ear {
  const ear = new Ear();
  for (const [place, { level }] of MADE.slice(0, cameCount).entries())
    ear.hear(new Int16Array(WORD_SAMPLES).fill(level), STARTED_AT_MS + place * WORD_MS);
  ear.cannotHear(STARTED_AT_MS + WORD_MS, known);
  return ear;
}

/** What Oncue says of the response: a start and an end. */
function said(evidence: 'device' | 'estimate', wordCount: number): OncueEvent[] {
  const of = { responseId: 'r', turnId: 't', index: 0, atMs: 900, evidence, errorBoundMs: 20 };
  const heardText = MADE.slice(0, wordCount)
    .map(({ text }) => text)
    .join('')
    .trim();
  const events = [
    { ...of, type: 'response_declared' },
    { ...of, type: 'response_playback_started', startedAtMs: STARTED_AT_MS },
    {
      ...of,
      type: 'response_playback_finished',
      heardMs: wordCount * WORD_MS,
      heardText,
      heardTextMaxErrorWords: 0,
      fullText: TEXT,
    },
  ];
  return events as unknown as OncueEvent[];
}

describe('what is said of somebody who cannot report', () => {
  const unknown = scenario('room_without_reporter');

  it('an estimate of what came to him is not overstated, though he was muted', () => {
    const run = observed(earMutedAfterAlpha('cannot_be_known', 3), said('estimate', 3));
    expect(overstatements(unknown, run)).toEqual([]);
  });

  it('an estimate of more than came to him is', () => {
    const run = observed(earMutedAfterAlpha('cannot_be_known', 3), said('estimate', 4));
    expect(overstatements(unknown, run)).toEqual([
      '"delta" is said to be heard and was not (± 0 words)',
      '400 ms are said to be heard, of 300 ms (± 26)',
    ]);
  });

  it('a start where nothing began is', () => {
    const events = said('estimate', 3).map((event) =>
      event.type === 'response_playback_started'
        ? { ...event, startedAtMs: (STARTED_AT_MS + 50) as typeof event.startedAtMs }
        : event,
    );
    const run = observed(earMutedAfterAlpha('cannot_be_known', 3), events);
    expect(overstatements(unknown, run)).toEqual([
      'r is said to start at 230 ± 20; nothing began there',
    ]);
  });

  it('anything measured is, even if it came to him', () => {
    const run = observed(earMutedAfterAlpha('cannot_be_known', 3), said('device', 3));
    expect(overstatements(unknown, run)).toEqual(
      expect.arrayContaining([
        '"beta" is said to be heard and was not (± 0 words)',
        'response_playback_finished rests on "device", and nobody reported',
      ]),
    );
  });

  it('a history other than that of plain LiveKit is worse, if the same came to him', () => {
    const ear = earMutedAfterAlpha('cannot_be_known', 4);
    const plain = observed(ear, []);
    const oncue = observed(ear, said('estimate', 4), 'alpha beta gamma ');
    expect(judge(unknown, plain, oncue).worse).toContain(
      'history: alpha beta gamma (plain: alpha beta gamma delta)',
    );
    expect(judge(unknown, plain, observed(ear, said('estimate', 4))).worse).toEqual([]);
  });
});

describe('what left for a listener whose network is gone', () => {
  /** All four words leave; the network goes after the first, and he may be muted or gone after the second. */
  const ear = (thenDeaf?: DeafnessWhy): Ear => {
    const one = new Ear();
    for (const [place, { level }] of MADE.entries())
      one.hear(new Int16Array(WORD_SAMPLES).fill(level), STARTED_AT_MS + place * WORD_MS);
    one.cannotHear(STARTED_AT_MS + WORD_MS, 'can_be_known', 'cut_off');
    if (!thenDeaf) return one;
    one.canHear(STARTED_AT_MS + 2 * WORD_MS);
    one.cannotHear(STARTED_AT_MS + 2 * WORD_MS, 'can_be_known', thenDeaf);
    return one;
  };
  const judged = (oncue: string, thenDeaf?: DeafnessWhy, events = said('device', 1)) =>
    judge(
      scenario('room'),
      observed(ear(thenDeaf), [], 'alpha beta gamma '),
      observed(ear(thenDeaf), events, oncue),
    );

  it('must be kept as far as plain LiveKit keeps it', () => {
    expect(judged('alpha beta gamma ').worse).toEqual([]);
    expect(judged('alpha ').worse).toEqual(['may have been heard: beta gamma']);
  });

  it.each(['muted', 'gone'] as const)('need not be kept where he is known to be %s', (why) => {
    expect(judged('alpha beta ', why).worse).toEqual([]);
    expect(judged('alpha ', why).worse).toEqual(['may have been heard: beta']);
  });

  it('is no proof: who says that it was heard says too much', () => {
    expect(judged('alpha beta gamma ', undefined, said('device', 2)).overstated).toContain(
      '"beta" is said to be heard and was not (± 0 words)',
    );
  });

  it('may not be kept if it never left', () => {
    const one = new Ear();
    one.lose(new Int16Array(2 * WORD_SAMPLES).fill(MADE[0]?.level ?? 0), STARTED_AT_MS);
    one.lose(new Int16Array(WORD_SAMPLES).fill(MADE[1]?.level ?? 0), STARTED_AT_MS);
    one.callBackLost(STARTED_AT_MS + 2 * WORD_MS);
    const history = (text: string) =>
      aspectsOf(scenario('page'), observed(one, [], text)).find(({ name }) => name === 'history');

    expect(history('alpha ')?.error).toBe(0);
    expect(history('alpha beta ')?.error).toBe(1);
  });
});

describe('a response whose outcome was corrected', () => {
  /** It was told as heard by estimate, and a report then says that so many words were. */
  function corrected(wordCount: number, fields: object = {}): OncueEvent[] {
    const events = said('estimate', 4);
    const heardText = TEXT.split(' ').slice(0, wordCount).join(' ');
    const correction = {
      ...events.at(-1),
      type: 'response_outcome_corrected',
      evidence: 'device',
      heardMs: wordCount * WORD_MS,
      heardText,
      before: { outcome: undefined, heardText: 'alpha beta gamma delta.' },
      ...fields,
    };
    return [...events, correction as unknown as OncueEvent];
  }
  const judged = (events: readonly OncueEvent[]): string[] =>
    overstatements(scenario('page'), observed(earMutedAfterAlpha('cannot_be_known', 4), events));

  it('may not be said to be heard further than it was', () => {
    expect(judged(corrected(1))).toEqual([]);
    expect(judged(corrected(2))).toEqual([
      '"beta" is said to be heard and was not (± 0 words)',
      '200 ms are said to be heard, of 100 ms (± 26)',
    ]);
  });

  it('names what was told before, and rests on more than an estimate', () => {
    const before = { outcome: 'skipped', heardText: '' };
    const line = (what: string) => `r is corrected from ${what}, not told so`;
    expect(judged(corrected(1, { before }))).toEqual([line('skipped ""')]);
    expect(judged(corrected(1, { evidence: 'estimate' }))).toEqual([
      line('undefined "alpha beta gamma delta."'),
    ]);
  });
});

describe('a message that was corrected after it was told', () => {
  const before = 'alpha beta gamma ';
  const correction = { type: 'chat_message_corrected', messageId: 'm', before, text: TEXT };
  const judged = (events: readonly unknown[]): string[] => {
    const run = observed(new Ear(), events as OncueEvent[]);
    const told = [{ id: 'm', text: before, interrupted: false, atMs: 0 }];
    return overstatements(scenario('page'), { ...run, itemsTold: { before: told, after: told } });
  };

  it('is right if an event says so, and else is a statement that still stands', () => {
    expect(judged([correction])).toEqual([]);
    for (const events of [[], [{ ...correction, text: 'alpha ' }]])
      expect(judged(events)).toEqual([
        `message m was told as "${before}", holds "${TEXT}", and no event says so`,
      ]);
  });
});

describe('what plays to somebody who does not hear it', () => {
  /** All four words sound and he hears the first; the state is `speaking` and captions are shown all the time. */
  const errorOf = (aspect: string, why: DeafnessWhy, playbackPosition: number): number => {
    const ear = new Ear();
    for (const [place, { level }] of MADE.entries())
      ear.hear(new Int16Array(WORD_SAMPLES).fill(level), STARTED_AT_MS + place * WORD_MS);
    ear.cannotHear(STARTED_AT_MS + WORD_MS, 'can_be_known', why);
    const run: Observed = {
      ...observed(ear, []),
      states: [
        { state: 'speaking', atMs: STARTED_AT_MS },
        { state: 'listening', atMs: STARTED_AT_MS + MADE.length * WORD_MS },
      ],
      captions: MADE.map(({ text }, place) => ({ text, atMs: STARTED_AT_MS + place * WORD_MS })),
      finishes: [{ playbackPosition, interrupted: false }],
    };
    return (
      aspectsOf(scenario('page'), run).find(({ name }) => name === aspect)?.error ?? Number.NaN
    );
  };

  it('may be shown, told as played, and called speaking, if he has muted it and not if he is gone', () => {
    expect(errorOf('captions', 'muted', 0.4)).toBe(0);
    expect(errorOf('captions', 'gone', 0.4)).toBe(3);
    expect(errorOf('state (ms)', 'muted', 0.4)).toBe(0);
    expect(errorOf('state (ms)', 'gone', 0.4)).toBe(300);
    expect(errorOf('told as played (ms)', 'muted', 0.4)).toBe(0);
    expect(errorOf('told as played (ms)', 'gone', 0.4)).toBe(300);
  });

  it('is in no history, and no less than was heard and no more than was played is told as played', () => {
    expect(errorOf('history', 'muted', 0.4)).toBe(3);
    expect(errorOf('told as played (ms)', 'muted', 0.1)).toBe(0);
    expect(errorOf('told as played (ms)', 'muted', 0.05)).toBeCloseTo(50);
    expect(errorOf('told as played (ms)', 'muted', 0.5)).toBeCloseTo(100);
  });
});

it('an estimate of a listener whose page says that he is muted is overstated', () => {
  const run = observed(earMutedAfterAlpha('can_be_known', 3), said('estimate', 3));
  expect(overstatements(scenario('room'), run)).toContain(
    '"beta" is said to be heard and was not (± 0 words)',
  );
});

describe('a start that a second visit of the page reports', () => {
  const events = said('device', 3).map((event) =>
    event.type === 'response_playback_started'
      ? { ...event, startedAtMs: (STARTED_AT_MS + 500) as typeof event.startedAtMs }
      : event,
  );
  /** A little of the first word sounds before he leaves, and then all three. */
  const run = (): Observed => {
    const ear = new Ear();
    ear.hear(new Int16Array(WORD_SAMPLES / 5).fill(1), STARTED_AT_MS);
    for (const [place, { level }] of MADE.slice(0, 3).entries())
      ear.hear(new Int16Array(WORD_SAMPLES).fill(level), STARTED_AT_MS + 500 + place * WORD_MS);
    return observed(ear, events);
  };
  const judged = (steps: Scenario['steps']): string[] =>
    overstatements({ ...scenario('room'), steps }, run());

  it('is where the response begins again', () => {
    expect(judged([{ atMs: 200, do: 'reloads' }])).toEqual([]);
  });

  it('is wrong if there was only one visit', () => {
    expect(judged([])).toEqual([expect.stringContaining('nothing began there')]);
  });
});

describe('a response that was skipped although it sounded', () => {
  const ear = (): Ear => {
    const one = new Ear();
    for (const [place, { level }] of MADE.entries())
      one.hear(new Int16Array(WORD_SAMPLES).fill(level), STARTED_AT_MS + place * WORD_MS);
    return one;
  };
  const skip = (why: 'silent' | 'muted', metadata?: string): OncueEvent[] =>
    [
      { type: 'response_declared', responseId: 'r' },
      {
        type: 'response_skipped',
        responseId: 'r',
        reason: why === 'silent' ? 'not_known' : 'muted',
        inaudible: [{ why, fromMs: 0, toMs: 400 }],
        ...(metadata === undefined ? {} : { metadata }),
      },
    ] as unknown as OncueEvent[];

  it.each([
    ['silent', '0.0', 0],
    ['silent', undefined, 0],
    ['silent', '0.1', 4],
    ['muted', undefined, 4],
  ] as const)(
    'because of "%s", with the metadata %s, is %s words too many',
    (why, metadata, wrong) => {
      const run = observed(ear(), skip(why, metadata));
      expect(overstatements(scenario('page'), run)).toHaveLength(wrong);
    },
  );
});

describe('a task of a response that was cut as it began', () => {
  it('may have run by estimate, if no more than 20 ms are said to be heard', () => {
    const judged = (heardMs: number): string[] => {
      const of = { responseId: 'r', metadata: '0.0', evidence: 'estimate', errorBoundMs: 20 };
      const events = [
        { ...of, type: 'task_started' },
        { ...of, type: 'response_playback_finished', heardMs, heardText: '', fullText: TEXT },
      ] as unknown as OncueEvent[];
      const run = observed(new Ear(), events);
      const log = { ...run.log, tasks: [{ key: '0.0', atMs: 200 }] };
      const lines = overstatements(scenario('room_without_reporter'), { ...run, log });
      return lines.filter((line) => line.startsWith('task'));
    };
    expect(judged(20)).toEqual([]);
    expect(judged(21)).toHaveLength(1);
  });
});
