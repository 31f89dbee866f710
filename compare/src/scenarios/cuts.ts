import {
  AGENT_FORMS,
  NATURAL_PACE,
  response,
  type Scenario,
  slowly,
  UNTIMED_VOICE,
} from '../scenario.ts';
import { FIRST, SECOND } from './usual.ts';

/** Instants of a cut, from before the first sound to after the last, ms after the question. */
const CUT_AT_MS = [20, 155, 210, 345, 430, 475, 520, 610, 740, 930];

/** Every way to write an agent, cut at every phase of two responses. */
export const cuts: readonly Scenario[] = AGENT_FORMS.flatMap((form) =>
  CUT_AT_MS.map((atMs) => ({
    name: `two responses, ${form}, interrupted after ${atMs} ms`,
    form,
    turns: [{ responses: [response(FIRST), response(SECOND, 'thinking')] }],
    steps: [
      { atMs: 0, do: 'ask' },
      { atMs, do: 'interrupt' },
    ],
  })),
);

/** The same with a model that gives a word every 150 ms: the text is not complete at the cut. */
export const slowCuts: readonly Scenario[] = (['declares', 'flushes', 'create'] as const).flatMap(
  (form) =>
    [180, 333, 480, 610, 950].flatMap((atMs) =>
      [true, false].map((wordTimes) => ({
        name: `slow model, ${form}, ${wordTimes ? 'word times' : 'no word times'}, interrupted after ${atMs} ms`,
        form,
        voice: wordTimes ? {} : UNTIMED_VOICE,
        turns: [
          {
            responses: [FIRST, SECOND].map((text) =>
              slowly(text, 150 * (wordTimes ? 1 : NATURAL_PACE)),
            ),
          },
        ],
        steps: [
          { atMs: 0, do: 'ask' as const },
          { atMs: atMs * (wordTimes ? 1 : NATURAL_PACE), do: 'interrupt' as const },
        ],
      })),
    ),
);

/** Without word times the heard share is a guess on both sides. */
export const untimedCuts: readonly Scenario[] = [155, 345, 520, 740].flatMap((atMs) =>
  (['declares', 'llm'] as const).map((form) => ({
    name: `no word times, ${form}, interrupted after ${atMs} ms`,
    form,
    voice: UNTIMED_VOICE,
    turns: [{ responses: [response(FIRST), response(SECOND)] }],
    steps: [
      { atMs: 0, do: 'ask' as const },
      { atMs: atMs * NATURAL_PACE, do: 'interrupt' as const },
    ],
  })),
);
