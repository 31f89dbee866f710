import {
  type Companion,
  LISTENER_KINDS,
  type ListenerKind,
  type ResponsePlan,
  response,
  type Scenario,
  type Step,
} from '../scenario.ts';
import { earOf } from './listeners.ts';
import { ANSWER, ask, interrupt, THIRD, TWO } from './usual.ts';

const COMPANIONS: readonly Companion[] = [
  { audience: 'any', pathMs: 260 },
  { audience: 'all', pathMs: 100 },
];

/** Two in a room, and one of them has muted the agent. */
export const oneOfTwoMuted: readonly Scenario[] = COMPANIONS.flatMap((companion) =>
  (['declares', 'llm'] as const).flatMap((form) => [
    {
      name: `room of two, ${companion.audience} counts, ${form}: the other has muted the agent`,
      form,
      ear: { ...earOf('room'), companion },
      turns: [TWO, ANSWER],
      steps: [
        { atMs: 0, do: 'companion_mutes' },
        ask(300),
        { atMs: 2900, do: 'companion_unmutes' },
        ask(3100),
      ],
    },
    {
      name: `room of two, ${companion.audience} counts, ${form}: the user has muted the agent, interrupted after 900 ms`,
      form,
      ear: { ...earOf('room'), companion },
      turns: [TWO, ANSWER],
      steps: [
        { atMs: 0, do: 'mutes' },
        ask(300),
        interrupt(1200),
        { atMs: 2600, do: 'unmutes' },
        ask(2900),
      ],
    },
  ]),
);

/** Two things at once, on everybody who can come and go. */
const MISHAPS: Readonly<Record<string, readonly Step[]>> = {
  'loaded anew, and interrupted 300 ms later': [
    { atMs: 450, do: 'reloads' },
    interrupt(750),
    ask(3500),
  ],
  'muted in a pause': [
    { atMs: 350, do: 'pause' },
    { atMs: 600, do: 'mutes' },
    { atMs: 900, do: 'resume' },
    { atMs: 3000, do: 'unmutes' },
    ask(3600),
  ],
  'gone in a pause, and back': [
    { atMs: 350, do: 'pause' },
    { atMs: 500, do: 'leaves' },
    { atMs: 1300, do: 'comes' },
    { atMs: 1500, do: 'resume' },
    ask(5000),
  ],
  'interrupted before the first sound': [interrupt(10), ask(800)],
  'interrupted twice': [interrupt(420), interrupt(460), ask(1800)],
  'closed in a pause': [
    { atMs: 350, do: 'pause' },
    { atMs: 900, do: 'close' },
  ],
  'two questions at once': [ask(0), ask(3000)],
  'audio off and on again within an answer': [
    { atMs: 400, do: 'audio', enabled: false },
    { atMs: 500, do: 'audio', enabled: true },
    ask(3500),
  ],
  'muted and unmuted twice': [
    { atMs: 250, do: 'mutes' },
    { atMs: 450, do: 'unmutes' },
    { atMs: 650, do: 'mutes' },
    { atMs: 850, do: 'unmutes' },
    ask(3500),
  ],
  'handed over while he has muted': [
    { atMs: 300, do: 'mutes' },
    { atMs: 500, do: 'hand_off' },
    { atMs: 2600, do: 'unmutes' },
    ask(3000),
  ],
};

/** The simulated reporter counts samples, and cannot follow what is sent again twice. */
const ON_PAGES: Readonly<Record<string, readonly Step[]>> = {
  'loaded anew twice in one answer': [
    { atMs: 350, do: 'reloads' },
    { atMs: 900, do: 'reloads' },
    ask(4500),
  ],
};

export const mishaps: readonly Scenario[] = (['page', 'room'] as const).flatMap((listener) =>
  Object.entries(listener === 'page' ? { ...MISHAPS, ...ON_PAGES } : MISHAPS).map(
    ([name, steps], place) => ({
      name: `${listener}: ${name}`,
      form: place % 2 === 0 ? ('declares' as const) : ('llm' as const),
      ear: earOf(listener),
      turns: [TWO, ANSWER, THIRD],
      steps: [ask(), ...steps],
    }),
  ),
);

/** Outputs change more than once. */
export const outputsTwice: readonly Scenario[] = (
  ['device', 'page', 'room'] as readonly ListenerKind[]
).flatMap((listener) => [
  {
    name: `${listener}: another output, and then Oncue's own again`,
    form: 'declares',
    ear: earOf(listener),
    turns: [ANSWER, TWO, { responses: [response('lambda mu nu. ')] }],
    steps: [
      ask(),
      { atMs: 1500, do: 'other_output' },
      ask(1520),
      { atMs: 4000, do: 'other_output', kind: 'own' },
      ask(4020),
    ],
  },
  {
    name: `${listener}: an avatar after another output, interrupted`,
    form: 'llm',
    ear: earOf(listener),
    turns: [ANSWER, TWO, { responses: [response('lambda mu nu. ')] }],
    steps: [
      { atMs: 0, do: 'other_output' },
      ask(20),
      { atMs: 1800, do: 'other_output', kind: 'avatar' },
      ask(1820),
      interrupt(2400),
      ask(3600),
    ],
  },
]);

/** Half of a token, in the middle of a word, of a mark, of a visible character. */
const tokens = (...texts: readonly string[]): ResponsePlan => ({
  chunks: texts.map((text) => ({ text, afterMs: 60 })),
});

const TOKENS: Readonly<Record<string, ResponsePlan>> = {
  'tokens of half words': tokens('al', 'pha be', 'ta gam', 'ma del', 'ta eps', 'ilon. '),
  'markdown in tokens': tokens('**al', 'pha** _be', 'ta_ gam', 'ma **del', 'ta** zeta. '),
  'emoji and their joiners in tokens': tokens(
    'alpha 👩',
    '\u200d👩\u200d👧 beta ',
    '🎉 gamma ',
    'delta 👍',
    '🏽 zeta. ',
  ),
  'two scripts in one sentence': tokens(
    'alpha ',
    '今天天气',
    ' beta ',
    'привет ',
    'gamma ',
    'שלום ',
    'delta. ',
  ),
  'letters that combine': tokens('cafe', '\u0301 alpha ', 'n', '\u0303ame ', 'beta gamma. '),
};

export const oddTokens: readonly Scenario[] = Object.entries(TOKENS).flatMap(([name, plan]) =>
  [undefined, 330, 470].map((cutAtMs) => ({
    name: `${name}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
    form: cutAtMs === 330 ? ('llm' as const) : ('declares' as const),
    turns: [{ responses: [plan] }, ANSWER],
    steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)]), ask(2600)],
  })),
);

/** Voices that are odd in two ways, on every listener. */
export const oddVoices: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) => [
  {
    name: `${listener}: the second voice of a fallback is late and slow, interrupted after 1500 ms`,
    form: 'declares',
    voice: { isFallback: true, firstSoundMs: 500, speed: 0.7 },
    ear: earOf(listener),
    turns: [TWO, ANSWER],
    steps: [ask(), interrupt(1500), ask(3000)],
  },
  {
    name: `${listener}: a voice that breaks off in the second response, paused before`,
    form: 'declares',
    voice: { failsAtWord: 6, speed: 0.9 },
    ear: earOf(listener),
    turns: [TWO, ANSWER],
    steps: [ask(), { atMs: 400, do: 'pause' }, { atMs: 900, do: 'resume' }],
  },
]);
