import { response, type Scenario, slowly } from '../scenario.ts';
import { ask, FIRST, interrupt, SECOND } from './usual.ts';

const FORMS = ['declares', 'llm', 'flushes'] as const;

/** Text mode: nobody hears anything, and the words that were shown are the answer. */
export const textMode: readonly Scenario[] = FORMS.flatMap((form) =>
  [undefined, 350, 650, 900].map((cutAtMs) => ({
    name: `text mode, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
    form,
    turns: [{ responses: [slowly(`${FIRST}${SECOND}`, 80)] }],
    steps: [
      { atMs: 0, do: 'audio', enabled: false } as const,
      ask(10),
      ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)]),
    ],
  })),
);

/** Audio is switched off and on between turns. */
export const audioSwitched: readonly Scenario[] = FORMS.map((form) => ({
  name: `audio off for the second of three turns, ${form}`,
  form,
  turns: [
    { responses: [response('one two. ')] },
    { responses: [response('three four. ')] },
    { responses: [response('five six. ')] },
  ],
  steps: [
    ask(),
    { atMs: 1500, do: 'audio', enabled: false },
    ask(1510),
    { atMs: 3000, do: 'audio', enabled: true },
    ask(3010),
  ],
}));

/** Another output is set after Oncue was attached, as an avatar's `start()` and console mode do. */
export const otherOutput: readonly Scenario[] = FORMS.flatMap((form) =>
  [undefined, 300, 620].flatMap((cutAtMs) => [
    {
      name: `another output before the first turn, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      turns: [{ responses: [response(FIRST), response(SECOND, 'thinking' as const)] }],
      steps: [
        { atMs: 0, do: 'other_output' as const },
        ask(20),
        ...(cutAtMs === undefined ? [] : [interrupt(20 + cutAtMs)]),
      ],
    },
    {
      name: `another output after the first turn, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      turns: [
        { responses: [response('one two. ')] },
        { responses: [response(FIRST), response(SECOND, 'thinking' as const)] },
      ],
      steps: [
        ask(),
        { atMs: 1500, do: 'other_output' as const },
        ask(1520),
        ...(cutAtMs === undefined ? [] : [interrupt(1520 + cutAtMs)]),
      ],
    },
  ]),
);

/** The agent runs in the console of LiveKit's command line. */
export const consoleMode: readonly Scenario[] = FORMS.flatMap((form) =>
  [undefined, 300, 620].map((cutAtMs) => ({
    name: `console mode, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
    form,
    turns: [
      { responses: [response(FIRST), response(SECOND, 'thinking' as const)] },
      { responses: [response('iota kappa. ')] },
    ],
    steps: [
      { atMs: 0, do: 'other_output' as const, kind: 'console' as const },
      ask(20),
      ...(cutAtMs === undefined ? [] : [interrupt(20 + cutAtMs)]),
      ask(2500),
    ],
  })),
);
