import { expect, it } from 'vitest';
import { entriesOf } from '../page/model/entries.ts';
import { TraceModelBuilder } from '../page/model/trace_model.ts';
import { RecordedRun } from './support/recorded_run.ts';

it('[ST29] a failure that repeats is one entry with its number, until something else comes', () => {
  const run = new RecordedRun();
  const fail = (part: string, message = 'no answer'): void => {
    run.clock.advance(10);
    run.note('part_failed', { part, message });
  };
  run.note('user_said', { text: 'Well?', by: 'typing' });
  for (let count = 0; count < 4; count += 1) fail('llm_error');
  fail('llm_error', 'refused');
  fail('tts_error');
  run.clock.advance(10);
  run.note('user_said', { text: 'Again?', by: 'typing' });
  fail('tts_error');

  const builder = new TraceModelBuilder();
  for (const line of run.lines) builder.take(line);
  const entries = entriesOf(builder.model());

  expect(entries.map((one) => (one.kind === 'failure' ? one.count : one.kind))).toEqual([
    'user',
    4,
    1,
    1,
    'user',
    1,
  ]);
});
