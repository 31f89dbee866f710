import type { TimelineInput } from '../step/inputs.ts';

type Kind = 'text' | 'number' | 'flag' | 'list' | 'object';

/** The fields of an input. Where a field may be left out, its kind ends with `?`. */
type Form = Readonly<Record<string, Kind | `${Kind}?`>>;

/** Every type of input. A new one does not compile before its fields are added here. `metadata` may be anything. */
const FORMS: Readonly<Record<TimelineInput['type'], Form>> = {
  turn_opened: { turnId: 'text', speechId: 'text?' },
  response_begun: { turnId: 'text', responseId: 'text', index: 'number', implicit: 'flag' },
  task_bound: { responseId: 'text', taskId: 'text', timing: 'text', abortOnCut: 'flag' },
  mark_placed: {
    responseId: 'text',
    name: 'text',
    textOffset: 'number?',
    agentState: 'text?',
    taskId: 'text?',
    abortOnCut: 'flag?',
  },
  text_added: { responseId: 'text', text: 'text' },
  text_ended: { responseId: 'text' },
  state_queued: { turnId: 'text', state: 'text' },
  turn_closed: { turnId: 'text' },
  turn_live: { turnId: 'text' },
  turn_ended: { turnId: 'text', cutBy: 'text?', isWritten: 'flag?' },
  audio_sent: {
    responseId: 'text',
    samples: 'number',
    sampleRateHz: 'number',
    leavesAtMs: 'number?',
    sentAtMs: 'number?',
  },
  words_timed: { responseId: 'text', words: 'list' },
  audio_ended: { responseId: 'text' },
  response_failed: { responseId: 'text', detail: 'text' },
  playhead: { report: 'object' },
  cut: { by: 'text', reaches: 'text?' },
  paused: { reaches: 'text?' },
  resumed: {},
  listener_changed: { listening: 'flag', unreported: 'text?' },
  listeners_counted: { listeners: 'text' },
  report_given_up: { responseId: 'text' },
  listener_answers: { answers: 'flag', sinceMs: 'number?' },
  audibility_changed: {
    audibility: 'text',
    sinceMs: 'number?',
    sinceErrorBoundMs: 'number?',
    whileInaudible: 'text?',
  },
  queue_moved: { fromMs: 'number', byMs: 'number' },
  path_estimated: { delayMs: 'number', errorBoundMs: 'number' },
  report_dropped: { reason: 'text', count: 'number?' },
  callback_threw: { during: 'text', message: 'text' },
  message_corrected: { messageId: 'text', text: 'text', before: 'text' },
  task_settled: { taskId: 'text', message: 'text?' },
  task_cancelled: { taskId: 'text', reason: 'text' },
  tick: {},
  closed: {},
};

/** What is wrong with an input of a trace, as the end of a sentence; `undefined` if it can be replayed. */
export function faultOf(input: TimelineInput): string | undefined {
  if (!Object.hasOwn(FORMS, input.type)) {
    return 'is not known; replay it with the @oncue/core that wrote it';
  }
  const fields = input as unknown as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(FORMS[input.type]).find(([name, kind]) => !isOf(kind, fields[name]));
  return wrong && `is broken: \`${wrong[0]}\` is not a ${wrong[1].replace('?', '')}`;
}

function isOf(kind: Kind | `${Kind}?`, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return Number.isFinite(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null;
    default:
      return value === undefined || isOf(kind.slice(0, -1) as Kind, value);
  }
}
