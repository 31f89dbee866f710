import { type ListenerKind, response, type Scenario, type Step } from '../scenario.ts';
import { earOf } from './listeners.ts';
import { ANSWER, ask, interrupt, THIRD, TWO } from './usual.ts';

const audio = (atMs: number, enabled: boolean): Step => ({ atMs, do: 'audio', enabled });

/** Two things at once: somebody who comes, goes or mutes, and what the agent does then. */
const MISHAPS: Readonly<Record<string, readonly Step[]>> = {
  'muted at the seam of two responses, unmuted after them': [
    { atMs: 460, do: 'mutes' },
    { atMs: 1900, do: 'unmutes' },
    ask(3200),
  ],
  'muted, and interrupted by a typed message': [
    { atMs: 300, do: 'mutes' },
    { atMs: 500, do: 'types', text: 'stop' },
    { atMs: 2200, do: 'unmutes' },
    ask(3200),
  ],
  'muted when he comes, and unmuted in the middle': [
    { atMs: 0, do: 'mutes' },
    { atMs: 520, do: 'unmutes' },
    ask(3200),
  ],
  'loaded anew in a pause': [
    { atMs: 350, do: 'pause' },
    { atMs: 600, do: 'reloads' },
    { atMs: 1000, do: 'resume' },
    ask(4500),
  ],
  'loaded anew, and a second question': [{ atMs: 400, do: 'reloads' }, ask(900), ask(4500)],
  'gone, and interrupted while nobody is there': [
    { atMs: 350, do: 'leaves' },
    interrupt(900),
    { atMs: 1500, do: 'comes' },
    ask(2500),
  ],
  'gone, and a typed message while nobody is there': [
    { atMs: 350, do: 'leaves' },
    { atMs: 900, do: 'types', text: 'hello' },
    { atMs: 1500, do: 'comes' },
    ask(4000),
  ],
  'gone, and handed over while nobody is there': [
    { atMs: 350, do: 'leaves' },
    { atMs: 800, do: 'hand_off' },
    { atMs: 1500, do: 'comes' },
    ask(4000),
  ],
  'the network is gone for 300 ms, and interrupted in it': [
    { atMs: 400, do: 'network_goes' },
    interrupt(550),
    { atMs: 700, do: 'network_returns' },
    ask(2500),
  ],
  'the network is gone for 8 s, and interrupted in it': [
    { atMs: 400, do: 'network_goes' },
    interrupt(5000),
    { atMs: 8400, do: 'network_returns' },
    ask(11_000),
  ],
  'audio off in a pause': [
    { atMs: 350, do: 'pause' },
    audio(500, false),
    { atMs: 900, do: 'resume' },
    audio(2500, true),
    ask(2600),
  ],
  'audio off, and interrupted': [audio(400, false), interrupt(550), audio(2000, true), ask(2100)],
  'audio off for the second question, and a sentence after it': [
    audio(1900, false),
    ask(1950),
    audio(3000, true),
    { atMs: 3050, do: 'say', text: 'Hello there my friend. ' },
  ],
  'paused twice': [
    { atMs: 300, do: 'pause' },
    { atMs: 500, do: 'resume' },
    { atMs: 800, do: 'pause' },
    { atMs: 1100, do: 'resume' },
    ask(3500),
  ],
  'paused before the first sound': [
    { atMs: 30, do: 'pause' },
    { atMs: 700, do: 'resume' },
    ask(3500),
  ],
  'paused, and a typed message': [
    { atMs: 350, do: 'pause' },
    { atMs: 800, do: 'types', text: 'stop' },
    ask(3500),
  ],
  'paused, and the user has said a sentence': [
    { atMs: 350, do: 'pause' },
    { atMs: 800, do: 'talks_over', text: 'and tomorrow' },
    ask(3500),
  ],
};

const OF_LISTENER: readonly Step['do'][] = [
  'mutes',
  'unmutes',
  'reloads',
  'leaves',
  'comes',
  'network_goes',
  'network_returns',
];

function isOfListener({ do: what }: Step): boolean {
  return OF_LISTENER.includes(what);
}

export const moreMishaps: readonly Scenario[] = (
  ['page', 'room', 'device'] as readonly ListenerKind[]
).flatMap((listener) =>
  Object.entries(MISHAPS)
    .filter(([, steps]) => listener !== 'device' || !steps.some(isOfListener))
    .flatMap(([name, steps], place) => ({
      name: `${listener}: ${name}`,
      form: place % 2 === 0 ? ('llm' as const) : ('declares' as const),
      ear: earOf(listener),
      turns: [TWO, ANSWER, THIRD],
      steps: [ask(), ...steps],
    })),
);

/** A wrapper of the application that makes frames of its own, and something else besides. */
export const wrappedTwice: readonly Scenario[] = (
  ['device', 'page', 'room'] as readonly ListenerKind[]
).flatMap((listener) => {
  const of = { form: 'declares' as const, isWrapped: true, ear: earOf(listener) };
  return [
    {
      ...of,
      name: `${listener}: a wrapper makes new frames, of a tool's answer`,
      turns: [
        { responses: [response('One moment. ')], tool: 'look_up', toolSays: 'Still searching. ' },
        ANSWER,
      ],
      steps: [ask()],
    },
    {
      ...of,
      name: `${listener}: a wrapper makes new frames, and a pause`,
      turns: [TWO, ANSWER],
      steps: [
        ask(),
        { atMs: 350, do: 'pause' as const },
        { atMs: 900, do: 'resume' as const },
        ask(3500),
      ],
    },
    {
      ...of,
      name: `${listener}: a wrapper makes new frames of a voice that is slow and breaks off`,
      voice: { speed: 0.8, failsAtWord: 6 },
      turns: [TWO],
      steps: [ask()],
    },
    {
      ...of,
      name: `${listener}: a wrapper makes new frames, and a sentence while an answer is heard`,
      turns: [TWO, ANSWER],
      steps: [
        ask(),
        { atMs: 300, do: 'say' as const, text: 'Hello there my friend. ' },
        interrupt(1150),
        ask(3200),
      ],
    },
  ];
});

const numbered = (count: number, from = 0): ReturnType<typeof response>[] =>
  Array.from({ length: count }, (_, place) => response(`w${from + place}. `));

/** Limits of what is kept: many responses and many turns, on every listener that keeps audio. */
export const limits: readonly Scenario[] = (['page', 'room'] as const).flatMap((listener) => [
  {
    name: `${listener}: 120 responses in a turn, interrupted late`,
    form: 'declares' as const,
    voice: { wordMs: 40 },
    ear: earOf(listener),
    turns: [{ responses: numbered(120) }, { responses: numbered(1, 200) }],
    steps: [ask(), interrupt(4070), ask(5500)],
  },
  {
    name: `${listener}: 30 questions, the last answer interrupted`,
    form: 'declares' as const,
    voice: { wordMs: 60 },
    ear: earOf(listener),
    turns: Array.from({ length: 30 }, (_, place) => ({ responses: numbered(3, place * 3) })),
    steps: [...Array.from({ length: 30 }, (_, place) => ask(place * 800)), interrupt(23_600)],
  },
]);
