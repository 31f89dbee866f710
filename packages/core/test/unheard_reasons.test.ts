// Tests for SPEC.md, AU16: why a response ends of which nobody is known to have heard a sample. Its table is in `unheard_reason.ts`.
import { describe, expect, it } from 'vitest';
import type { AgentMs, Audibility, InaudibleSpan } from '../src/index.ts';
import { perhapsHeard } from '../src/internal.ts';
import { answered } from './support/late_reports.ts';

/** Who can hear, and since when, ms. */
type Since = readonly [Audibility, number];

const ENDS = {
  'played out': () => undefined,
  cut: ({ stage }: Scene) => stage.timeline.cut('user_speech'),
  closed: ({ stage }: Scene) => void stage.timeline.close(),
  'skipped at once': ({ stage }: Scene) => {
    const { audibility } = stage.timeline.state;
    stage.timeline.audibilityChanged(audibility, { whileInaudible: 'skips' });
  },
};

type End = keyof typeof ENDS;
type Scene = ReturnType<typeof answered>;

/**
 * A response of a second leaves from 0 on. Each change of who can hear is told at the instant from which it holds. If the listener
 * goes, playout waits for the next one. At 600 ms comes the end, or playout goes on to nobody.
 */
function ending(end: End, times: readonly Since[], reportedMs = 0) {
  const scene = answered();
  const { stage, say, report } = scene;
  const passUntil = (ms: number): void => stage.clock.advance(ms - stage.clock.nowMs());
  const change = ([audibility, sinceMs]: Since): void => {
    stage.timeline.audibilityChanged(audibility, { sinceMs: sinceMs as AgentMs });
    if (audibility !== 'nobody') return;
    stage.timeline.listenerChanged(false);
    stage.timeline.pause();
  };
  for (const since of times) if (since[1] === 0) change(since);
  const id = say();
  for (const since of times) {
    if (since[1] === 0) continue;
    passUntil(since[1]);
    if (reportedMs > 0) report(id, { heardMs: reportedMs, atMs: reportedMs });
    change(since);
  }
  passUntil(600);
  ENDS[end](scene);
  stage.timeline.resume();
  stage.clock.advance(10_000);
  const told =
    stage.events.ofType('response_skipped')[0] ??
    stage.events.ofType('response_playback_finished')[0];
  return {
    reason: told?.type === 'response_skipped' ? told.reason : told?.outcome,
    inaudible: told?.inaudible,
    perhaps: perhapsHeard(stage.timeline.state, id)?.heardText,
  };
}

const GONE: readonly Since[] = [['nobody', 150]];
const SILENT_THEN_GONE: readonly Since[] = [
  ['silent', 0],
  ['nobody', 150],
];
const MUTED_THEN_GONE: readonly Since[] = [
  ['muted', 0],
  ['nobody', 150],
];
const MUTED_SILENT_GONE: readonly Since[] = [
  ['muted', 0],
  ['silent', 100],
  ['nobody', 400],
];
const MUTED: readonly Since[] = [['muted', 150]];
const MUTED_THEN_SILENT: readonly Since[] = [
  ['muted', 0],
  ['silent', 300],
];
const NOBODY: readonly Since[] = [['nobody', 0]];
const ALL_MUTED: readonly Since[] = [['muted', 0]];
const ALL_SILENT: readonly Since[] = [['silent', 0]];

describe('[AU16] a response of which nothing was reported', () => {
  it.each<[string, readonly Since[], Record<End, string>]>([
    [
      'left to a listener that went',
      GONE,
      {
        'played out': 'not_known',
        cut: 'not_known',
        closed: 'not_known',
        'skipped at once': 'not_known',
      },
    ],
    [
      'left to one that did not answer and went',
      SILENT_THEN_GONE,
      {
        'played out': 'not_known',
        cut: 'not_known',
        closed: 'not_known',
        'skipped at once': 'not_known',
      },
    ],
    [
      'left to one that was muted and went',
      MUTED_THEN_GONE,
      {
        'played out': 'no_listener',
        cut: 'muted',
        closed: 'muted',
        'skipped at once': 'no_listener',
      },
    ],
    [
      'left to one that was muted, then did not answer, and went',
      MUTED_SILENT_GONE,
      {
        'played out': 'not_known',
        cut: 'not_known',
        closed: 'not_known',
        'skipped at once': 'not_known',
      },
    ],
    [
      'left to one that was muted in its middle',
      MUTED,
      {
        'played out': 'not_known',
        cut: 'not_known',
        closed: 'not_known',
        'skipped at once': 'not_known',
      },
    ],
    [
      'left to one that was muted, and then did not answer',
      MUTED_THEN_SILENT,
      {
        'played out': 'not_known',
        cut: 'not_known',
        closed: 'not_known',
        'skipped at once': 'not_known',
      },
    ],
    [
      'was sent while nobody was there',
      NOBODY,
      {
        'played out': 'no_listener',
        cut: 'cut',
        closed: 'closed',
        'skipped at once': 'no_listener',
      },
    ],
    [
      'left to one that was muted',
      ALL_MUTED,
      { 'played out': 'muted', cut: 'muted', closed: 'muted', 'skipped at once': 'muted' },
    ],
    [
      'left to one that did not answer',
      ALL_SILENT,
      {
        'played out': 'not_known',
        cut: 'not_known',
        closed: 'not_known',
        'skipped at once': 'not_known',
      },
    ],
  ])('[AU16] and that %s', (_, times, reasons) => {
    const ends = Object.keys(ENDS) as End[];
    expect(Object.fromEntries(ends.map((end) => [end, ending(end, times).reason]))).toEqual(
      reasons,
    );
  });
});

describe('[AU16][AU3] what is told of the parts that nobody is known to have heard', () => {
  it.each<[string, readonly Since[], number, readonly InaudibleSpan[]]>([
    [
      'what had left to a listener that went, and what left to nobody',
      GONE,
      0,
      [
        { why: 'silent', fromMs: 0, toMs: 150 },
        { why: 'nobody', fromMs: 150, toMs: 1000 },
      ],
    ],
    [
      'what it had reported was heard',
      GONE,
      100,
      [
        { why: 'silent', fromMs: 100, toMs: 150 },
        { why: 'nobody', fromMs: 150, toMs: 1000 },
      ],
    ],
    [
      'nothing is unknown of one that reported all that had left',
      GONE,
      150,
      [{ why: 'nobody', fromMs: 150, toMs: 1000 }],
    ],
  ])('[AU16] %s', (_, times, reportedMs, inaudible) => {
    expect(ending('played out', times, reportedMs).inaudible).toEqual(inaudible);
  });
});

it('[AU16][AU18] words that had sounded while a listener was known to be muted, before it did not answer and went, were not heard', () => {
  const times: readonly Since[] = [
    ['muted', 0],
    ['silent', 400],
    ['nobody', 500],
  ];
  const unreported = ending('played out', times);
  const reported = ending('played out', times, 200);

  // Nobody measured how long the path takes: all of it may have sounded when the page was not muted any more.
  expect(unreported.inaudible).toEqual([
    { why: 'silent', fromMs: 0, toMs: 500 },
    { why: 'nobody', fromMs: 500, toMs: 1000 },
  ]);
  expect(unreported.perhaps).toBe('One two three four five');
  // With a report the path is known to take at most 100 ms: what had left so long before had sounded.
  expect(reported.inaudible).toEqual([
    { why: 'muted', fromMs: 0, toMs: 300 },
    { why: 'silent', fromMs: 300, toMs: 500 },
    { why: 'nobody', fromMs: 500, toMs: 1000 },
  ]);
  expect(reported.perhaps).toBe('four five');
});

it('[AU16] what had left before the queue moved may have been heard', () => {
  const { stage, say } = answered();
  say();
  stage.clock.advance(150);
  stage.timeline.queueMoved(150 as AgentMs, 900);
  stage.clock.advance(250);

  stage.timeline.audibilityChanged('nobody', { sinceMs: 400 as AgentMs, whileInaudible: 'skips' });

  expect(stage.events.ofType('response_skipped')).toMatchObject([{ reason: 'not_known' }]);
});
