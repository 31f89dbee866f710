import { LISTENER_KINDS, response, type Scenario, type Step, type TurnPlan } from '../scenario.ts';
import { earOf } from './listeners.ts';

const HEARD = 'what time is it';
const FIRST: TurnPlan = {
  responses: [
    response('alpha beta gamma delta. '),
    response('epsilon zeta eta theta. ', 'thinking'),
  ],
};
const SECOND: TurnPlan = { responses: [response('iota kappa. ')] };

interface Situation {
  readonly turns: readonly TurnPlan[];
  readonly steps: readonly Step[];
}

/** What comes of an answer that was made in advance. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'said when the turn ends': {
    turns: [FIRST, SECOND],
    steps: [
      { atMs: 0, do: 'words', text: HEARD },
      { atMs: 400, do: 'turn_ends', text: HEARD },
      { atMs: 2500, do: 'ask' },
    ],
  },
  'said when the turn ends, and interrupted': {
    turns: [FIRST, SECOND],
    steps: [
      { atMs: 0, do: 'words', text: HEARD },
      { atMs: 400, do: 'turn_ends', text: HEARD },
      { atMs: 980, do: 'interrupt' },
      { atMs: 2500, do: 'ask' },
    ],
  },
  'given up, since the user said more': {
    turns: [SECOND, FIRST],
    steps: [
      { atMs: 0, do: 'words', text: HEARD },
      { atMs: 400, do: 'turn_ends', text: `${HEARD} in Paris` },
    ],
  },
};

/** LiveKit answers what it has understood before it knows that the user has finished (preemptive generation). */
export const inAdvance: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) =>
  Object.entries(SITUATIONS).flatMap(([name, { turns, steps }]) =>
    (['declares', 'llm'] as const).map((form) => ({
      name: `${listener}, ${form}: an answer made in advance, ${form === 'declares' ? 'with its voice, ' : ''}${name}`,
      form,
      ear: earOf(listener),
      answersInAdvance: { enabled: true as const, preemptiveTts: form === 'declares' },
      turns,
      steps,
    })),
  ),
);
