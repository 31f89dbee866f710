import { response, type Scenario } from '../scenario.ts';
import { ask, FIRST, interrupt, SECOND } from './usual.ts';

/** Tool loops: a word before the tool, or none, and the answer after it. */
export const tools: readonly Scenario[] = (['declares', 'flushes'] as const).flatMap((form) =>
  [undefined, 250, 480, 700].flatMap((cutAtMs) =>
    [true, false].map((speaksFirst) => ({
      name: `a tool ${speaksFirst ? 'after a word' : 'at once'}, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      turns: [
        { responses: speaksFirst ? [response('One moment. ')] : [], tool: 'look_up' },
        { responses: [response(FIRST), response(SECOND, 'thinking' as const)] },
      ],
      steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)])],
    })),
  ),
);

/** `say`, alone and during a reply. */
export const said: readonly Scenario[] = [undefined, 140, 350].flatMap((cutAtMs) =>
  (['declares', 'llm'] as const).flatMap((form) => [
    {
      name: `say, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      turns: [{ responses: [response(FIRST)] }],
      steps: [
        { atMs: 0, do: 'say' as const, text: 'Hello there friend. ' },
        ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)]),
      ],
    },
    {
      name: `say during a reply, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      turns: [{ responses: [response(FIRST), response(SECOND)] }],
      steps: [
        ask(),
        { atMs: 200, do: 'say' as const, text: 'Hello there friend. ' },
        ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs + 600)]),
      ],
    },
  ]),
);

/** A question while the answer before is still heard. */
export const askedAgain: readonly Scenario[] = [150, 450, 820].flatMap((atMs) =>
  (['declares', 'llm', 'flushes'] as const).map((form) => ({
    name: `a second question after ${atMs} ms, ${form}`,
    form,
    turns: [
      { responses: [response(FIRST), response(SECOND)] },
      { responses: [response('iota kappa. ')] },
    ],
    steps: [ask(), ask(atMs)],
  })),
);

/** Responses without text, among others. */
export const empty: readonly Scenario[] = [
  ['', FIRST],
  [FIRST, ''],
  [FIRST, '', SECOND],
  [''],
  ['', ''],
].map((texts) => ({
  name: `responses ${JSON.stringify(texts.map((text) => text.trim()))}`,
  form: 'declares',
  turns: [{ responses: texts.map((text) => response(text, 'thinking')) }],
  steps: [ask()],
}));

const numbered = (count: number): ReturnType<typeof response>[] =>
  Array.from({ length: count }, (_, place) => response(`w${place}. `));

/** Turns of many short responses. */
export const many: readonly Scenario[] = [
  {
    name: '120 responses in a turn, interrupted at the hundredth',
    form: 'declares',
    voice: { wordMs: 40 },
    turns: [{ responses: numbered(120) }],
    steps: [ask(), interrupt(4070)],
  },
  {
    name: '100 responses of 20 ms',
    form: 'declares',
    voice: { wordMs: 20 },
    turns: [{ responses: numbered(100) }],
    steps: [ask()],
  },
];

/** The session is closed in mid-speech. */
export const closed: readonly Scenario[] = [60, 200, 460].flatMap((atMs) =>
  (['declares', 'llm'] as const).map((form) => ({
    name: `closed after ${atMs} ms, ${form}`,
    form,
    turns: [{ responses: [response(FIRST), response(SECOND)] }],
    steps: [ask(), { atMs, do: 'close' as const }],
  })),
);

/** A false interruption: playout stands still and goes on. */
export const paused: readonly Scenario[] = [40, 180, 440].flatMap((atMs) =>
  [300, 900].flatMap((forMs) =>
    (['declares', 'llm'] as const).flatMap((form) => [
      {
        name: `paused after ${atMs} ms for ${forMs} ms, ${form}`,
        form,
        turns: [{ responses: [response(FIRST), response(SECOND, 'thinking' as const)] }],
        steps: [
          ask(),
          { atMs, do: 'pause' as const },
          { atMs: atMs + forMs, do: 'resume' as const },
        ],
      },
      {
        name: `paused after ${atMs} ms and interrupted ${forMs} ms later, ${form}`,
        form,
        turns: [{ responses: [response(FIRST), response(SECOND, 'thinking' as const)] }],
        steps: [ask(), { atMs, do: 'pause' as const }, interrupt(atMs + forMs)],
      },
    ]),
  ),
);
