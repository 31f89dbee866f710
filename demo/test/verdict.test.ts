import { expect, it } from 'vitest';
import { faultsOf } from '../src/judge/verdict.ts';
import { goodRun, TraceWriter } from './traces.ts';

const NONE = { heardMs: 1000, sentMs: 1000, text: 'Hi.' };

/** A scene with one response that is heard, from which a test leaves something out. */
function oneHeard(): TraceWriter {
  return new TraceWriter().scene(0, ['heard'], []).declared(0, 'a', 'Hi.').sent(900, 'a', 1000);
}

it('finds no fault in a good run', () => {
  expect(faultsOf(goodRun().view)).toEqual([]);
});

it('finds a start event that came twice', () => {
  const trace = oneHeard()
    .started(1000, 'a')
    .started(1000, 'a')
    .finished(2000, 'a', NONE)
    .sounded(1000, 'Hi.', NONE)
    .ended(3000);

  expect(faultsOf(trace.view)).toContain('1.1 has 2 start events');
  expect(faultsOf(trace.view)).toContain('1.1 ran 2 tasks instead of 1');
});

it('finds a sound without an event, and an event without a sound', () => {
  const unannounced = oneHeard().sounded(1000, 'Hi.', NONE).ended(3000);
  const unheard = oneHeard().started(1000, 'a').finished(2000, 'a', NONE).ended(3000);

  expect(faultsOf(unannounced.view)).toContain('1.1 was heard and has no start event');
  expect(faultsOf(unheard.view)).toContain('1.1 has a start event and is not in the recording');
});

it('finds a reported start more than 5 ms from the true first sample', () => {
  const trace = oneHeard()
    .started(1006, 'a')
    .finished(2000, 'a', NONE)
    .sounded(1000, 'Hi.', NONE)
    .ended(3000);

  expect(faultsOf(trace.view)).toEqual(['1.1 starts 6.0 ms from its true first sample']);
});

it('finds lost samples, and samples that were never played', () => {
  const lost = oneHeard()
    .started(1000, 'a')
    .finished(2000, 'a', NONE)
    .sounded(1000, 'Hi.', { heardMs: 900, sentMs: 1000 })
    .ended(3000);
  const madeUp = new TraceWriter()
    .scene(0, ['cut'], [])
    .declared(0, 'a', 'Hi.')
    .sent(900, 'a', 1000)
    .started(1000, 'a')
    .finished(1500, 'a', { ...NONE, heardMs: 500 })
    .sounded(1000, 'Hi.', { heardMs: 400, sentMs: 1000 })
    .ended(3000);

  expect(faultsOf(lost.view)).toEqual(['1.1 lost 1600 samples in the recording']);
  expect(faultsOf(madeUp.view)).toEqual([
    '1.1 says 8000 samples were heard; the recording has 6400',
  ]);
});

it('finds states in the wrong order, and responses with the wrong outcome', () => {
  const trace = new TraceWriter()
    .scene(0, ['heard'], ['thinking', 'speaking'])
    .declared(0, 'a', 'Hi.')
    .states([1, 'speaking'], [2, 'thinking'])
    .skipped(3, 'a', 'failed')
    .ended(3000);

  expect(faultsOf(trace.view)).toEqual([
    'scene 1: responses skipped, not heard',
    'scene 1: states speaking → thinking, not thinking → speaking',
  ]);
});

it('finds a chat context that differs from the heard words', () => {
  const trace = goodRun().note(3999, { type: 'message_stored', text: 'One', interrupted: true });

  expect(faultsOf(trace.view)).toEqual([
    'scene 1: the chat context differs from the words that were heard',
  ]);
});

it('finds start events that are not in the order of the sounds', () => {
  const trace = new TraceWriter()
    .scene(0, ['heard', 'heard'], [])
    .declared(0, 'a', 'Hi.')
    .declared(0, 'b', 'Ho.')
    .started(3000, 'b')
    .finished(3000, 'b', { ...NONE, text: 'Ho.' })
    .started(1000, 'a')
    .finished(2000, 'a', NONE)
    .sounded(1000, 'Hi.', NONE)
    .sounded(3000, 'Ho.', NONE)
    .ended(5000);

  expect(faultsOf(trace.view)).toEqual(['the start events are not in the order of the sounds']);
});

it('finds a trace that stops before the end of the run', () => {
  const trace = oneHeard().started(1000, 'a');

  expect(faultsOf(trace.view)).toEqual(['the trace stops in the middle of the run']);
});

it('takes a trace that was saved from a run that went on as it is', () => {
  const trace = oneHeard().started(1000, 'a').saved(1500);

  expect(faultsOf(trace.view)).toEqual([]);
});

it('finds a response that never ended', () => {
  const trace = new TraceWriter().declared(0, 'a', 'Hi.').ended(1);

  expect(faultsOf(trace.view)).toEqual(['1.1 has 0 end events']);
});
