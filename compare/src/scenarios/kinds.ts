import {
  type AgentForm,
  type EarPlan,
  LISTENER_KINDS,
  type ListenerKind,
  response,
  type Scenario,
  type Step,
  type TurnPlan,
  type VoicePlan,
} from '../scenario.ts';
import { earOf, OTHER_LISTENERS } from './listeners.ts';
import { ANSWER, ask, FIRST, interrupt, SECOND, TWO } from './usual.ts';

/** One situation, with what it sets of a scenario. */
type Situation = Omit<Scenario, 'name' | 'form' | 'ear'>;

/** Situations that every listener must get right. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'say, interrupted after 250 ms': {
    turns: [ANSWER],
    steps: [{ atMs: 0, do: 'say', text: 'Hello there my friend. ' }, interrupt(250), ask(1500)],
  },
  'a tool after a word, interrupted in the answer': {
    turns: [{ responses: [response('One moment. ')], tool: 'look_up' }, TWO, ANSWER],
    steps: [ask(), interrupt(700), ask(2200)],
  },
  'a tool that says something while it runs': {
    turns: [
      { responses: [response('One moment. ')], tool: 'look_up', toolSays: 'Still searching. ' },
      ANSWER,
    ],
    steps: [ask()],
  },
  'paused after 250 ms for 700 ms': {
    turns: [TWO, ANSWER],
    steps: [ask(), { atMs: 250, do: 'pause' }, { atMs: 950, do: 'resume' }, ask(3200)],
  },
  'paused after 350 ms and interrupted 600 ms later': {
    turns: [TWO, ANSWER],
    steps: [ask(), { atMs: 350, do: 'pause' }, interrupt(950), ask(2200)],
  },
  'closed after 420 ms': { turns: [TWO], steps: [ask(), { atMs: 420, do: 'close' }] },
  'text mode, interrupted after 500 ms': {
    turns: [TWO, ANSWER],
    steps: [{ atMs: 0, do: 'audio', enabled: false }, ask(10), interrupt(500)],
  },
  'audio off in the middle of the answer, on for the next': {
    turns: [TWO, ANSWER],
    steps: [
      ask(),
      { atMs: 400, do: 'audio', enabled: false },
      { atMs: 1800, do: 'audio', enabled: true },
      ask(2000),
    ],
  },
  'a question 450 ms into the answer': { turns: [TWO, ANSWER], steps: [ask(), ask(450)] },
  'a second answer asked for while the first is audible, interrupted in the second': {
    turns: [TWO, { responses: [response('iota kappa lambda. ')] }],
    steps: [ask(), ask(300), interrupt(1250)],
  },
  'a voice slower than real time, interrupted after 650 ms': {
    voice: { speed: 0.8 },
    turns: [TWO, ANSWER],
    steps: [ask(), interrupt(650), ask(2000)],
  },
  'handed to another agent after 300 ms': {
    turns: [TWO, ANSWER],
    steps: [ask(), { atMs: 300, do: 'hand_off' }, ask(2500)],
  },
};

/** Every situation on every other listener. */
export const situations: readonly Scenario[] = OTHER_LISTENERS.flatMap((listener) =>
  Object.entries(SITUATIONS).flatMap(([name, situation], place) =>
    formsFor(place).map((form) => ({
      ...situation,
      name: `${listener}, ${form}: ${name}`,
      form,
      ear: earOf(listener),
    })),
  ),
);

/** The forms take turns, so that each meets half of the situations. */
function formsFor(place: number): readonly AgentForm[] {
  return place % 2 === 0 ? ['declares'] : ['declares', 'llm'];
}

/** The same situations on the device, where the scenarios of the other files do not have them. */
export const deviceSituations: readonly Scenario[] = [
  'a tool that says something while it runs',
  'audio off in the middle of the answer, on for the next',
  'a second answer asked for while the first is audible, interrupted in the second',
  'handed to another agent after 300 ms',
].flatMap((name) =>
  (['declares', 'llm', 'create'] as const).map((form) => ({
    ...(SITUATIONS[name] ?? { turns: [TWO], steps: [ask()] }),
    name: `device, ${form}: ${name}`,
    form,
  })),
);

/** A tool runs an `AgentTask` that says something. */
export const agentTasks: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) =>
  [undefined, 420].map((cutAtMs) => ({
    name: `${listener}: a tool runs a task that asks for something, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
    form: 'declares' as const,
    ear: earOf(listener),
    turns: [
      { responses: [response('One moment. ')], tool: 'ask_name', taskSays: 'Who are you please. ' },
      ANSWER,
    ],
    steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)])],
  })),
);

/** A wrapper of the application around the output makes frames of its own, which carry no mark of Oncue's. */
export const wrapped: readonly Scenario[] = (['device', 'page', 'room'] as const).flatMap(
  (listener) =>
    (['declares', 'llm'] as const).flatMap((form) =>
      [undefined, 300, 640].map((cutAtMs) => ({
        name: `${listener}, ${form}: a wrapper makes new frames, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
        form,
        isWrapped: true,
        ear: earOf(listener),
        turns: [
          {
            responses: [
              response('One moment. '),
              response(FIRST, 'thinking' as const),
              response(SECOND),
            ],
          },
        ],
        steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)])],
      })),
    ),
);

/** A realtime model makes the sound itself. */
export const realtime: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) =>
  [undefined, 310, 700].map((cutAtMs) => ({
    name: `${listener}: a realtime model, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
    form: 'llm' as const,
    isRealtime: true,
    ear: earOf(listener),
    turns: [TWO],
    steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)])],
  })),
);

/** The first voice of a `tts.FallbackAdapter` fails, and the second speaks everything. */
export const fallback: readonly Scenario[] = (['declares', 'llm', 'flushes'] as const).flatMap(
  (form) =>
    [undefined, 450].map((cutAtMs) => ({
      name: `a fallback voice, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      voice: { isFallback: true },
      turns: [TWO, ANSWER],
      steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)]), ask(2500)],
    })),
);

const PAUSE: readonly Step[] = [
  ask(),
  { atMs: 350, do: 'pause' },
  { atMs: 1550, do: 'resume' },
  ask(3500),
];
const RECORDED: Readonly<
  Record<string, { readonly voice?: VoicePlan; readonly steps: readonly Step[] }>
> = {
  'two turns': { steps: [ask(), ask(2500)] },
  'a pause of 1.2 s': { steps: PAUSE },
  'an interruption': { steps: [ask(), interrupt(560), ask(2000)] },
  'a pause and an interruption in it': {
    steps: [ask(), { atMs: 350, do: 'pause' }, interrupt(1500), ask(2600)],
  },
  'a voice that runs dry between words': { voice: { speed: 0.4 }, steps: [ask(), ask(5000)] },
};

/** LiveKit's recorder: the voice sits where it sounded. */
export const recorded: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) =>
  Object.entries(RECORDED).map(([name, { voice = {}, steps }]) => ({
    name: `${listener}: a recording of ${name}`,
    form: 'declares' as const,
    voice,
    records: true,
    ear: earOf(listener),
    turns: [TWO, ANSWER],
    steps,
  })),
);

/** Nobody listens for a while: what waited, or sounded to nobody, is in the recording as it was heard. */
export const recordedAbsence: readonly Scenario[] = (['page', 'room'] as const).flatMap(
  (listener) => [
    {
      name: `${listener}: a recording that begins 2 s before somebody listens`,
      form: 'declares',
      records: true,
      ear: { ...earOf(listener), comesAtMs: 2000 },
      turns: [TWO, ANSWER],
      steps: [ask(), ask(4500)],
    },
    {
      name: `${listener}: a recording in which nobody listens for 2 s in the middle`,
      form: 'declares',
      records: true,
      ear: earOf(listener),
      turns: [TWO, ANSWER],
      steps: [ask(), { atMs: 450, do: 'leaves' }, { atMs: 2450, do: 'comes' }, ask(5500)],
    },
  ],
);

/** An avatar: one that tells its own transcript, and one that starts after Oncue was attached. */
export const avatars: readonly Scenario[] = [undefined, 250, 500, 810].flatMap((cutAtMs) => {
  const end = cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`;
  const cut = cutAtMs === undefined ? [] : [interrupt(cutAtMs)];
  const ear: EarPlan = { ...earOf('avatar'), tellsTranscript: true };
  return [
    ...(['declares', 'llm'] as const).map((form) => ({
      name: `avatar, ${form}: it tells its transcript, ${end}`,
      form,
      ear,
      turns: [TWO, ANSWER],
      steps: [ask(), ...cut, ask(2500)],
    })),
    ...(['declares', 'llm'] as const).map((form) => ({
      name: `device, ${form}: an avatar starts after Oncue was attached, ${end}`,
      form,
      turns: [TWO, ANSWER],
      steps: [
        { atMs: 0, do: 'other_output' as const, kind: 'avatar' as const },
        ask(),
        ...cut,
        ask(2500),
      ],
    })),
  ];
});

/**
 * An avatar's worker dies. LiveKit waits for it until the answer is interrupted. The interruption comes before Oncue goes on by
 * itself, 5 s after the expected end [AU17]: plain LiveKit has nothing to compare with that.
 */
export const avatarsThatDie: readonly Scenario[] = [
  { name: 'before the answer', diesAtMs: 0, cutAtMs: 4000 },
  { name: 'in the middle of the answer', diesAtMs: 450, cutAtMs: 4000 },
  {
    name: 'in the middle of the answer, which is interrupted 2 s later',
    diesAtMs: 450,
    cutAtMs: 2450,
  },
].flatMap(({ name, diesAtMs, cutAtMs }) =>
  (['declares', 'llm'] as const).flatMap((form) => [
    {
      name: `avatar, ${form}: its worker dies ${name}`,
      form,
      ear: earOf('avatar'),
      turns: [TWO],
      steps: [ask(), { atMs: diesAtMs, do: 'worker_dies' as const }, interrupt(cutAtMs)],
    },
    {
      name: `device, ${form}: the worker of an avatar that started after Oncue was attached dies ${name}`,
      form,
      turns: [TWO],
      steps: [
        { atMs: 0, do: 'other_output' as const, kind: 'avatar' as const },
        ask(),
        { atMs: diesAtMs, do: 'worker_dies' as const },
        interrupt(cutAtMs),
      ],
    },
  ]),
);

/** Listeners on which another output is set later. */
export const otherOutputs: readonly Scenario[] = (
  ['page', 'room', 'avatar'] as readonly ListenerKind[]
).map((listener) => ({
  name: `${listener}: another output after the first turn`,
  form: 'declares',
  ear: earOf(listener),
  turns: [ANSWER, TWO],
  steps: [ask(), { atMs: 1500, do: 'other_output' }, ask(1520)],
}));

const THINKS: TurnPlan = {
  responses: [
    response('One moment. '),
    { chunks: [{ text: SECOND, afterMs: 1200 }], stateBefore: 'thinking' },
  ],
};

/** LiveKit's background audio plays a sound while the agent thinks. It needs a room. */
export const thinkingSound: readonly Scenario[] = (
  ['room', 'room_without_reporter', 'avatar'] as const
).flatMap((listener) =>
  (['declares', 'llm'] as const).flatMap((form) =>
    [undefined, 1700].map((cutAtMs) => ({
      name: `${listener}, ${form}: a sound while the agent thinks, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      hasThinkingSound: true,
      ear: earOf(listener),
      turns: [THINKS, ANSWER],
      steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)]), ask(3000)],
    })),
  ),
);
