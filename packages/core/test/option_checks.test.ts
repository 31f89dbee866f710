// Options of a timeline, and of a wait, that cannot be meant.
import { expect, it } from 'vitest';
import { checkWaitOptions, KnownOnce } from '../src/known_once.ts';
import { checkOptions, type TimelineOptions } from '../src/options.ts';
import { ManualClock } from '../src/testing/index.ts';

const NAMES =
  'estimateDelayMs, estimateErrorBoundMs, reportTimeoutMs, cutReportTimeoutMs, stallTimeoutMs, maxPathDriftMs';

it('an option that a timeline does not have is refused, and those that it has are named', () => {
  expect(() => checkOptions({ delayMs: 5 } as Partial<TimelineOptions>)).toThrow(
    expect.objectContaining({
      code: 'ONCUE_BAD_OPTION',
      message: expect.stringContaining(`a timeline has no option "delayMs"; it has ${NAMES}`),
    }),
  );
});

it.each(['5', -1, Number.NaN, Number.POSITIVE_INFINITY, true])(
  'an option of a timeline that is %s is refused',
  (value) => {
    expect(() => checkOptions({ reportTimeoutMs: value as number })).toThrow(
      expect.objectContaining({
        code: 'ONCUE_BAD_OPTION',
        message: expect.stringContaining(
          `reportTimeoutMs is ${String(value)}; give a finite number of ms ≥ 0`,
        ),
      }),
    );
  },
);

it('an option of a timeline may be 0', () => {
  expect(() => checkOptions({ reportTimeoutMs: 0, stallTimeoutMs: 1 })).not.toThrow();
});

it('only the first value that becomes known counts, for those who wait and for those who come later', async () => {
  const clock = new ManualClock();
  const once = new KnownOnce<string>();
  const early = once.wait({}, clock);
  once.set('first');
  once.set('second');

  expect(await Promise.all([early, once.wait({}, clock)])).toEqual(['first', 'first']);
});

it('a wait of 0 ms ends on the next turn of the clock, and one without a limit does not', async () => {
  const clock = new ManualClock();
  const once = new KnownOnce<string>();
  const ended: string[] = [];
  const note = (name: string) => () => ended.push(name);
  const short = once.wait({ timeoutMs: 0 }, clock);
  void short.then(note('short'));
  void once.wait({}, clock).then(note('unlimited'));
  clock.advance(100_000);

  expect(await short).toEqual({ outcome: 'timed_out' });
  expect(ended).toEqual(['short']);
});

it('a wait that has ended listens to its signal no more', async () => {
  const { signal } = new AbortController();
  const removed: string[] = [];
  signal.removeEventListener = (type: string) => void removed.push(type);
  const once = new KnownOnce<string>();
  const wait = once.wait({ signal }, new ManualClock());
  once.set('known');
  await wait;

  expect(removed).toEqual(['abort']);
});

it('the options of a wait are an object, and the time-out is a number', () => {
  expect(() => checkWaitOptions('afterHeard', 5)).toThrow('afterHeard takes');
  expect(() => checkWaitOptions('afterHeard', { more: 1 })).toThrow('more');
  expect(() => checkWaitOptions('afterHeard', { more: 1, timeoutMs: 1 }, ['more'])).not.toThrow();
  const wait = (timeoutMs: unknown) => () =>
    new KnownOnce().wait({ timeoutMs: timeoutMs as number }, new ManualClock());
  expect(wait('5')).toThrow('timeoutMs is 5; give it ms ≥ 0');
  expect(wait(-1)).toThrow('timeoutMs is -1; give it ms ≥ 0');
});
