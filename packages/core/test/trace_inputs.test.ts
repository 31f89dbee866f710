// Tests for SPEC.md, "Traces and clocks": the fields of each input, which a trace must have to be replayed [TR2].
import { describe, expect, it } from 'vitest';
import type { TimelineInput } from '../src/step/inputs.ts';
import { faultOf } from '../src/trace/input_forms.ts';

type Fields = Readonly<Record<string, unknown>>;

const id = 'a';

/** Of each input: the fields that it has, and those that it may have. */
const INPUTS: Readonly<Record<TimelineInput['type'], readonly [Fields, Fields?]>> = {
  turn_opened: [{ turnId: id }, { speechId: id }],
  response_begun: [{ turnId: id, responseId: id, index: 0, implicit: false }],
  task_bound: [{ responseId: id, taskId: id, timing: 'confirmed', abortOnCut: true }],
  mark_placed: [
    { responseId: id, name: 'map' },
    { textOffset: 0, agentState: 'thinking', taskId: id, abortOnCut: false },
  ],
  text_added: [{ responseId: id, text: 'Hello.' }],
  text_ended: [{ responseId: id }],
  state_queued: [{ turnId: id, state: 'thinking' }],
  turn_closed: [{ turnId: id }],
  turn_live: [{ turnId: id }],
  turn_ended: [{ turnId: id }, { cutBy: 'code', isWritten: true }],
  audio_sent: [
    { responseId: id, samples: 480, sampleRateHz: 48_000 },
    { leavesAtMs: 1.5, sentAtMs: 1 },
  ],
  words_timed: [{ responseId: id, words: [] }],
  audio_ended: [{ responseId: id }],
  response_failed: [{ responseId: id, detail: 'it broke' }],
  playhead: [{ report: {} }],
  cut: [{ by: 'code' }, { reaches: 'ear' }],
  paused: [{}, { reaches: 'queue' }],
  resumed: [{}],
  listener_changed: [{ listening: true }, { unreported: 'heard' }],
  report_given_up: [{ responseId: id }],
  listeners_counted: [{ listeners: 'several' }],
  listener_answers: [{ answers: false }, { sinceMs: 3 }],
  audibility_changed: [{ audibility: 'muted' }, { sinceMs: 3, whileInaudible: 'skips' }],
  queue_moved: [{ fromMs: 1, byMs: -2 }],
  path_estimated: [{ delayMs: 1, errorBoundMs: 2 }],
  report_dropped: [{ reason: 'rate' }, { count: 3 }],
  callback_threw: [{ during: 'task', message: 'it broke' }],
  message_corrected: [{ messageId: id, text: 'One.', before: 'One two.' }],
  task_settled: [{ taskId: id }, { message: 'it broke' }],
  task_cancelled: [{ taskId: id, reason: 'cut' }],
  tick: [{}],
  closed: [{}],
};

/** How a message calls the kind of a value. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  const kinds: Readonly<Record<string, string>> = { string: 'text', boolean: 'flag' };
  return kinds[typeof value] ?? typeof value;
}

const WRONG = [null, Number.NaN, Symbol('neither')];

describe.each(Object.entries(INPUTS))('[TR2] %s', (type, [needed, optional = {}]) => {
  const faultWith = (change: Fields) =>
    faultOf({ type, atMs: 0, ...needed, ...optional, ...change } as unknown as TimelineInput);

  it('is replayed with all of its fields, with others, and without those that it need not have', () => {
    const without = Object.fromEntries(Object.keys(optional).map((name) => [name, undefined]));

    expect([faultWith({}), faultWith({ other: 1 }), faultWith(without)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is refused with a field of another kind, or without one that it needs', () => {
    for (const [name, value] of Object.entries({ ...needed, ...optional }))
      for (const wrong of name in needed ? [...WRONG, undefined] : WRONG)
        expect(faultWith({ [name]: wrong })).toBe(
          `is broken: \`${name}\` is not a ${kindOf(value)}`,
        );
  });
});

it('[TR2] an input that has the name of what every object has is not known', () => {
  const fault = faultOf({ type: 'toString', atMs: 0 } as unknown as TimelineInput);

  expect(fault).toBe('is not known; replay it with the @oncue/core that wrote it');
});
