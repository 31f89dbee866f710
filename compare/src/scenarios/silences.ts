import {
  type ListenerKind,
  NATURAL_PACE,
  response,
  type Scenario,
  type Step,
  UNTIMED_VOICE,
  type VoicePlan,
} from '../scenario.ts';
import { earOf } from './listeners.ts';
import { ANSWER, ask, FIRST, interrupt, SECOND, THIRD, TWO } from './usual.ts';

/** Of words so long that a page in an outage is noticed within an answer. The voice is no faster than it sounds, so no page has the rest. */
const SLOW: VoicePlan = { wordMs: 400, speed: 1 };

const goes = (atMs: number): Step => ({ atMs, do: 'network_goes' });
const returns = (atMs: number): Step => ({ atMs, do: 'network_returns' });

/** By then the agent knows the clock of a listener who was there at the start, and his path. */
const KNOWN_AFTER_MS = 3500;

const later = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, atMs: step.atMs + KNOWN_AFTER_MS }));

/** Two responses of 1.6 s each, of which the listener answers nothing from some instant on. */
const SILENCES: Readonly<Record<string, readonly Step[]>> = {
  'from before the question on, interrupted in the first response': [
    goes(0),
    ask(200),
    interrupt(1500),
  ],
  'from before the question on, interrupted in the second response': [
    goes(0),
    ask(200),
    interrupt(2900),
  ],
  'from the first word on, interrupted in the first response': [ask(), goes(320), interrupt(1500)],
  'from the second word on, interrupted in the second response': [
    ask(),
    goes(700),
    interrupt(2700),
  ],
  'from the second response on, which is interrupted': [ask(), goes(1900), interrupt(3000)],
  'for two answers, both interrupted': [
    goes(0),
    ask(200),
    interrupt(1500),
    ask(2700),
    interrupt(3300),
  ],
  'and interrupted twice': [ask(), goes(700), interrupt(1900), interrupt(1950)],
  'and interrupted by force': [ask(), goes(700), { atMs: 1900, do: 'force_interrupt' }],
  'from before the question on, interrupted by force': [
    goes(0),
    ask(200),
    { atMs: 1500, do: 'force_interrupt' },
  ],
  'muted before, interrupted': [
    { atMs: 0, do: 'mutes' },
    ask(200),
    goes(1100),
    interrupt(2300),
    returns(3700),
    { atMs: 3800, do: 'unmutes' },
  ],
  'muted and unmuted before, interrupted': [
    ask(),
    { atMs: 300, do: 'mutes' },
    { atMs: 800, do: 'unmutes' },
    goes(1200),
    interrupt(2300),
  ],
  'until it is gone, interrupted after that': [ask(), goes(700), interrupt(8000)],
  'paused before, interrupted': [
    ask(),
    { atMs: 500, do: 'pause' },
    { atMs: 900, do: 'resume' },
    goes(1000),
    interrupt(2600),
  ],
  'and closed': [ask(), goes(700), { atMs: 1900, do: 'close' }],
};

/** No answer of the listener, and an interruption: what may have been heard stays in the chat. */
export const silences: readonly Scenario[] = (['page', 'room'] as const).flatMap((listener) =>
  Object.entries(SILENCES).flatMap(([name, steps], place) =>
    (['declares', 'llm'] as const).map((form, other) => ({
      name: `${listener}, ${form}: no answer ${name}`,
      form,
      voice: SLOW,
      ear: earOf(listener),
      turns: [TWO, ANSWER, THIRD],
      steps: later(place % 2 === other ? [...steps, ...afterwards(steps)] : steps),
    })),
  ),
);

/** The next question shows what the model is told then. */
function afterwards(steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1);
  return last?.do === 'close' ? [] : [ask((last?.atMs ?? 0) + 2500)];
}

/** Back before the interruption: in a room what was missed does not come later. */
export const silencesThatEnd: readonly Scenario[] = (['declares', 'llm'] as const).map((form) => ({
  name: `room, ${form}: no answer for 700 ms, and back before the interruption`,
  form,
  voice: SLOW,
  ear: earOf('room'),
  turns: [TWO, ANSWER, THIRD],
  steps: later([ask(), goes(600), returns(1300), interrupt(2700), ask(5000)]),
}));

/** A page plays what it has, so it hears other words than a user of plain LiveKit, whose prompt is made at once. */
export const silencesTypedInto: readonly Scenario[] = (['declares', 'llm'] as const).map(
  (form) => ({
    name: `room, ${form}: no answer, and interrupted by a typed question`,
    form,
    voice: SLOW,
    ear: earOf('room'),
    turns: [TWO, ANSWER, THIRD],
    steps: later([ask(), goes(950), { atMs: 1900, do: 'types', text: 'stop' }]),
  }),
);

/** Other voices and other ways to say it. */
export const silencesOtherwise: readonly Scenario[] = (
  ['page', 'room'] as readonly ListenerKind[]
).flatMap((listener) => [
  {
    name: `${listener}: no answer from the second word on, no word times, interrupted`,
    form: 'declares',
    voice: { ...UNTIMED_VOICE, speed: 1 },
    ear: earOf(listener),
    turns: [TWO, ANSWER],
    steps: later([ask(), goes(200 * NATURAL_PACE), interrupt(2100)]),
  },
  {
    name: `${listener}: no answer while something is said, interrupted`,
    form: 'llm',
    voice: SLOW,
    ear: earOf(listener),
    turns: [ANSWER],
    steps: later([
      goes(0),
      { atMs: 200, do: 'say', text: FIRST },
      interrupt(1500),
      returns(3000),
      ask(5000),
    ]),
  },
  {
    name: `${listener}: no answer from the second word on, captions in upper case, interrupted`,
    form: 'transcriptionNode',
    voice: SLOW,
    ear: earOf(listener),
    turns: [TWO, ANSWER],
    steps: later([ask(), goes(700), interrupt(2300)]),
  },
  {
    name: `${listener}: no answer from before the question on, which a realtime model answers, interrupted`,
    form: 'llm',
    isRealtime: true,
    voice: { ...UNTIMED_VOICE, speed: 1 },
    ear: earOf(listener),
    turns: [{ responses: [response(`${FIRST}${SECOND}`)] }, ANSWER],
    steps: later([goes(0), ask(200), interrupt(2300)]),
  },
  {
    name: `${listener}: a recording in which nothing is answered, interrupted`,
    form: 'declares',
    records: true,
    voice: SLOW,
    ear: earOf(listener),
    turns: [TWO, ANSWER],
    steps: later([goes(0), ask(200), interrupt(1500), returns(3000), ask(5000)]),
  },
]);
