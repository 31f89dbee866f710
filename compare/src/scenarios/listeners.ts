import {
  AGENT_FORMS,
  type Companion,
  type EarPlan,
  LISTENER_KINDS,
  type ListenerKind,
  response,
  type Scenario,
  type Step,
} from '../scenario.ts';
import { ask, FIRST, interrupt, LAST, SECOND } from './usual.ts';

/** Beside the device, on which most scenarios run. */
export const OTHER_LISTENERS: readonly ListenerKind[] = LISTENER_KINDS.filter(
  (kind) => kind !== 'device',
);

/** The usual path of each, ms: a room's jitter buffer takes its time. */
export function earOf(listener: ListenerKind): EarPlan {
  return { listener, pathMs: listener.startsWith('room') ? 180 : 60 };
}

/** A page or a room whose network takes this long to bring the first sound; a cut is later by as much. */
const LATER_MS: Readonly<Record<ListenerKind, number>> = {
  device: 0,
  page: 20,
  room: 120,
  room_without_reporter: 120,
  avatar: 40,
};

const CUT_AT_MS = [60, 215, 390, 515, 700, 905];

/** Every way to write an agent, on every listener, interrupted at every phase of two responses. */
export const listenersCut: readonly Scenario[] = OTHER_LISTENERS.flatMap((listener) =>
  AGENT_FORMS.flatMap((form, place) =>
    CUT_AT_MS.filter((_, cut) => (cut + place) % 2 === 0).map((cutAtMs) => {
      const atMs = cutAtMs + LATER_MS[listener];
      return {
        name: `two responses, ${listener}, ${form}, interrupted after ${atMs} ms, then a question`,
        form,
        ear: earOf(listener),
        turns: [
          { responses: [response(FIRST), response(SECOND, 'thinking' as const)] },
          { responses: [response(LAST)] },
        ],
        steps: [ask(), interrupt(atMs), ask(atMs + 700)],
      };
    }),
  ),
);

/** To the end, with a second turn. */
export const listenersWhole: readonly Scenario[] = OTHER_LISTENERS.flatMap((listener) =>
  (['declares', 'llm'] as const).map((form) => ({
    name: `two turns, ${listener}, ${form}, to the end`,
    form,
    ear: earOf(listener),
    turns: [
      { responses: [response(FIRST), response(SECOND, 'thinking' as const)] },
      { responses: [response(LAST)] },
    ],
    steps: [ask(), ask(2200)],
  })),
);

const TWO_TURNS = [
  { responses: [response(FIRST), response(SECOND, 'thinking' as const)] },
  { responses: [response(LAST)] },
];

/** Who is there, and when: on every listener that can come and go. */
export const presence: readonly Scenario[] = (
  ['page', 'room', 'room_without_reporter'] as const
).flatMap((listener) =>
  (['declares', 'llm'] as const).flatMap((form) => [
    {
      name: `${listener}, ${form}: nobody ever comes, and the user's app gives up after 9 s`,
      form,
      ear: { ...earOf(listener), comesAtMs: Number.POSITIVE_INFINITY },
      turns: TWO_TURNS,
      steps: [ask(), interrupt(9000)],
    },
    {
      name: `${listener}, ${form}: the listener comes 2 s after the greeting was made`,
      form,
      ear: { ...earOf(listener), comesAtMs: 2000 },
      turns: TWO_TURNS,
      steps: [ask(), ask(4500)],
    },
    {
      name: `${listener}, ${form}: the listener comes 8 s after the greeting was made`,
      form,
      ear: { ...earOf(listener), comesAtMs: 8000 },
      turns: TWO_TURNS,
      steps: [ask(), ask(10_500)],
    },
    {
      name: `${listener}, ${form}: the listener leaves in the middle and does not come back`,
      form,
      ear: earOf(listener),
      turns: TWO_TURNS,
      steps: [ask(), { atMs: 450, do: 'leaves' }, interrupt(7500)],
    },
  ]),
);

/** The network of the listener is gone, and nobody tells the agent. */
export const network: readonly Scenario[] = (
  ['page', 'room', 'room_without_reporter'] as const
).flatMap((listener) => [
  {
    name: `${listener}: the listener's network is gone for 30 s, in which an answer of 8 words is made`,
    form: 'declares',
    ear: earOf(listener),
    turns: [TWO_TURNS[1] ?? { responses: [] }, TWO_TURNS[0] ?? { responses: [] }],
    steps: [
      ask(),
      { atMs: 2000, do: 'network_goes' },
      ask(4000),
      { atMs: 32_000, do: 'network_returns' },
    ],
  },
  {
    name: `${listener}: the listener's network is gone for 400 ms in the middle`,
    form: 'declares',
    ear: earOf(listener),
    turns: TWO_TURNS,
    steps: [
      ask(),
      { atMs: 400, do: 'network_goes' },
      { atMs: 800, do: 'network_returns' },
      ask(3000),
    ],
  },
]);

/** The page of somebody who stays in the room says `bye`, or begins a new visit [AU13]. */
export const newVisits: readonly Scenario[] = (
  [
    ['an outage of 30 s, and then a new visit', 2000, 32_000, 'visits_anew', 34_500],
    ['an outage of 5 s in the middle, and then a new visit', 400, 5400, 'visits_anew', 8000],
    ['a new visit in the middle', undefined, 500, 'visits_anew', 3000],
    ['a new visit between two answers', undefined, 2000, 'visits_anew', 4000],
    ['its reporter is closed in the middle', undefined, 500, 'closes_reporter', 6000],
    ['its reporter is closed between two answers', undefined, 2000, 'closes_reporter', 7000],
  ] as const
).flatMap(([what, goesAtMs, atMs, does, askAtMs]) =>
  (['declares', 'llm'] as const).map((form) => ({
    name: `room, ${form}: ${what}`,
    form,
    ear: earOf('room'),
    turns: TWO_TURNS,
    steps: [
      ask(),
      ...(goesAtMs === undefined
        ? []
        : [
            { atMs: goesAtMs, do: 'network_goes' as const },
            { atMs, do: 'network_returns' as const },
          ]),
      { atMs: atMs + 100, do: does },
      ask(askAtMs),
    ],
  })),
);

/** A page that has muted the agent. */
export const muted: readonly Scenario[] = (
  ['page', 'room', 'room_without_reporter'] as const
).flatMap((listener) =>
  (['declares', 'llm'] as const).flatMap((form) => [
    {
      name: `${listener}, ${form}: muted before the question, to the end`,
      form,
      ear: earOf(listener),
      turns: TWO_TURNS,
      steps: [{ atMs: 0, do: 'mutes' }, ask(300), { atMs: 2600, do: 'unmutes' }, ask(2700)],
    },
    {
      name: `${listener}, ${form}: muted for 500 ms in the middle`,
      form,
      ear: earOf(listener),
      turns: TWO_TURNS,
      steps: [ask(), { atMs: 500, do: 'mutes' }, { atMs: 1000, do: 'unmutes' }, ask(2600)],
    },
  ]),
);

/** The page is loaded anew in the middle of an answer. */
export const reloaded: readonly Scenario[] = [250, 610].map((atMs) => ({
  name: `page: loaded anew after ${atMs} ms`,
  form: 'declares',
  ear: earOf('page'),
  turns: TWO_TURNS,
  steps: [ask(), { atMs, do: 'reloads' }, ask(4000)],
}));

const COMPANIONS: readonly Companion[] = [
  { audience: 'any', pathMs: 260 },
  { audience: 'all', pathMs: 100 },
];

const OF_TWO: Readonly<Record<string, readonly Step[]>> = {
  'to the end': [],
  'interrupted after 510 ms': [interrupt(510)],
  'interrupted after 1025 ms': [interrupt(1025)],
  'the other leaves after 500 ms': [{ atMs: 500, do: 'companion_leaves' }],
};

/** Two who listen in a room, each with a reporter. */
export const companions: readonly Scenario[] = COMPANIONS.flatMap((companion) =>
  Object.entries(OF_TWO).flatMap(([name, steps]) =>
    (['declares', 'llm'] as const).map((form) => ({
      name: `room of two, ${companion.audience} counts, ${form}: ${name}`,
      form,
      ear: { ...earOf('room'), companion },
      turns: TWO_TURNS,
      steps: [ask(), ...steps, ask(2600)],
    })),
  ),
);
