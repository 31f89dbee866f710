// Tests for SPEC.md, "Protocol": this package against the vectors that programs of others are tested with.
import { type ListenerMessage, parseListenerMessage } from '@oncue/core/wire';
import { expect, it } from 'vitest';
import { questions } from '../../../conformance/src/vectors.ts';
import { PAGE_END } from './support/conformance_end.ts';

it.each(questions(['search', 'reporter', 'captions']))(
  '[PC1] $kind: $name',
  ({ kind, input, problems }) => {
    const answer = PAGE_END[kind as keyof typeof PAGE_END](input as never);

    expect(problems(answer)).toEqual([]);
  },
);

interface Sent {
  readonly atMs: number;
  readonly text: string;
}

type Change = (message: ListenerMessage, at: number) => Partial<Record<string, unknown>> | false;

/** What a listener sent, changed: `false` leaves a message out. The others are numbered anew. */
function changed(sent: readonly Sent[], change: Change): readonly Sent[] {
  let seq = 0;
  return sent.flatMap(({ atMs, text }, at) => {
    const parsed = parseListenerMessage(text);
    const fields = parsed.ok && change(parsed.message, at);
    if (!parsed.ok || fields === false) return [];
    seq += 1;
    const { atMs: newAtMs = atMs, ...others } = fields as { readonly atMs?: number };
    return [{ atMs: newAtMs, text: JSON.stringify({ ...parsed.message, seq, ...others }) }];
  });
}

const isLast = (message: ListenerMessage): boolean =>
  message.type === 'playhead' && message.phase !== 'playing';

/** Only the first of what a test says. */
function first(test: (message: ListenerMessage) => boolean): (message: ListenerMessage) => boolean {
  let isDone = false;
  return (message) => {
    const isIt = !isDone && test(message);
    isDone ||= isIt;
    return isIt;
  };
}

const WRONG: Readonly<Record<string, () => Change>> = {
  'an end is called a cut': () => (message) => (isLast(message) ? { phase: 'cut' } : {}),
  'the last report is sent once': () => {
    const isFirst = first(isLast);
    return (message) => (isLast(message) && !isFirst(message) ? false : {});
  },
  'nothing is reported between start and end': () => {
    let count = 0;
    return (message) => {
      if (message.type !== 'playhead' || message.phase !== 'playing') return {};
      count += 1;
      return count === 1 ? {} : false;
    };
  },
  'the start is reported with the end only': () => (message) =>
    message.type === 'playhead' && message.phase === 'playing' ? false : {},
  'no hello follows the welcome': () => (message, at) =>
    message.type === 'hello' && at > 0 ? false : {},
  'the end is 12 ms off': () => (message) =>
    isLast(message) && message.type === 'playhead'
      ? { positionAtMs: message.positionAtMs - 12 }
      : {},
  'a position is 30 ms ahead of the sound': () => (message) =>
    message.type === 'playhead' && message.phase === 'playing'
      ? { heardSamples: message.heardSamples + 720 }
      : {},
  'a report names another response': () => (message) =>
    message.type === 'playhead' ? { responseId: 'r9' } : {},
  'it says bye in the middle': () => {
    const isFirst = first(({ type }) => type === 'pong');
    return (message) => (isFirst(message) ? { type: 'bye' } : {});
  },
  'a pong answers no ping': () => {
    const isFirst = first(({ type }) => type === 'pong');
    return (message) => (isFirst(message) ? { pingId: 99 } : {});
  },
  'what it sends goes back in time': () => (_, at) => (at === 3 ? { atMs: 1001 } : {}),
};

it('[PC2] a listener fails: it sends more than 40 messages in a second', () => {
  const [question] = questions(['reporter']);
  const sent = PAGE_END.reporter(question?.input as never) as readonly Sent[];
  const many = sent.flatMap((one) =>
    one.text.includes('"playing"') ? Array.from({ length: 12 }, () => one) : [one],
  );

  expect(question?.problems(changed(many, () => ({})))).toEqual([
    expect.stringContaining('messages in the second'),
  ]);
});

it.each(Object.keys(WRONG))('[PC2] a listener fails: %s', (name) => {
  const [question] = questions(['reporter']);
  const sent = PAGE_END.reporter(question?.input as never) as readonly Sent[];
  const same = changed(sent, () => ({}));
  const wrong = changed(sent, WRONG[name]?.() ?? (() => ({})));

  expect(question?.problems(same)).toEqual([]);
  expect(question?.problems(wrong).length).toBeGreaterThan(0);
});
