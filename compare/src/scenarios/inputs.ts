import {
  LISTENER_KINDS,
  type ListenerKind,
  response,
  type Scenario,
  type Step,
  slowly,
  type TurnPlan,
  UNTIMED_VOICE,
  type VoicePlan,
} from '../scenario.ts';
import { earOf } from './listeners.ts';
import { ANSWER, ask, FIRST, interrupt, SECOND, THIRD, TWO } from './usual.ts';

/** Every way to interrupt, and what the user or the application does it with. */
const INTERRUPTIONS: Readonly<Record<string, (atMs: number) => Step>> = {
  'a typed message': (atMs) => ({ atMs, do: 'types', text: 'stop' }),
  'words said over it': (atMs) => ({ atMs, do: 'talks_over', text: 'and tomorrow' }),
  'the button of push-to-talk': (atMs) => ({ atMs, do: 'presses' }),
  'a forced interruption': (atMs) => ({ atMs, do: 'force_interrupt' }),
};

/** Interrupted by something else than `session.interrupt()`. */
export const interruptions: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) =>
  Object.entries(INTERRUPTIONS).flatMap(([name, step]) =>
    [345, 610].map((atMs) => ({
      name: `${listener}: interrupted after ${atMs} ms by ${name}`,
      form: atMs === 345 ? ('declares' as const) : ('llm' as const),
      ear: earOf(listener),
      turns: [TWO, ANSWER, THIRD],
      steps: [ask(), step(atMs), ask(2600)],
    })),
  ),
);

/** What the application says without being asked. */
const SAID: Readonly<Record<string, readonly Step[]>> = {
  'a sentence that may not be interrupted, and an interruption': [
    { atMs: 0, do: 'say', text: 'Hello there my friend. ', how: 'fixed' },
    interrupt(230),
    ask(1500),
  ],
  'such a sentence, interrupted by force': [
    { atMs: 0, do: 'say', text: 'Hello there my friend. ', how: 'fixed' },
    { atMs: 330, do: 'force_interrupt' },
    ask(1500),
  ],
  'a recorded sound': [
    { atMs: 0, do: 'say', text: 'Hello there my friend. ', how: 'recorded' },
    ask(1500),
  ],
  'a recorded sound, interrupted after 260 ms': [
    { atMs: 0, do: 'say', text: 'Hello there my friend. ', how: 'recorded' },
    interrupt(260),
    ask(1500),
  ],
  'three sentences at once, interrupted in the second': [
    { atMs: 0, do: 'say', text: 'one two. ' },
    { atMs: 0, do: 'say', text: 'three four five. ' },
    { atMs: 0, do: 'say', text: 'six seven. ' },
    interrupt(480),
    ask(2000),
  ],
  'a sentence while an answer is heard, and the answer is interrupted': [
    ask(),
    { atMs: 250, do: 'say', text: 'Hello there my friend. ' },
    interrupt(430),
    ask(3000),
  ],
};

export const saidOtherwise: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) =>
  Object.entries(SAID).map(([name, steps], place) => ({
    name: `${listener}: say: ${name}`,
    form: place % 2 === 0 ? ('declares' as const) : ('llm' as const),
    ear: earOf(listener),
    turns: [ANSWER, THIRD],
    steps,
  })),
);

/** Word times that are late, there for a part, or in other words than the text. */
const ODD_TIMES: Readonly<Record<string, VoicePlan>> = {
  'times that are late': { oddTimes: 'late' },
  'times for three words': { oddTimes: 'partly' },
  'times in other words': { oddTimes: 'other_words' },
  'times that are late, of a voice that is slow': { oddTimes: 'late', speed: 0.8 },
  'times in other words, of a voice that is slow': { oddTimes: 'other_words', speed: 0.8 },
};

export const oddTimes: readonly Scenario[] = Object.entries(ODD_TIMES).flatMap(([name, voice]) =>
  [undefined, 245, 530].flatMap((cutAtMs) =>
    (['declares', 'llm'] as const).map((form) => ({
      name: `${name}, ${form}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form,
      voice,
      turns: [{ responses: [response('Alpha beta, gamma-delta. '), response(SECOND)] }, ANSWER],
      steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)]), ask(2600)],
    })),
  ),
);

/** Texts that are not plain words. */
const TEXTS: Readonly<Record<string, string>> = {
  'numbers and symbols': 'alpha 42 beta 15% gamma $30 delta. ',
  'a web address and a time': 'alpha example.com beta 7:45 gamma. ',
  'a list in markdown': '- alpha beta\n- gamma delta\n\n**epsilon** zeta. ',
  'emoji alone at the end': 'alpha beta gamma 🎉 ',
  'quotes and brackets': '«alpha» (beta) "gamma" [delta] – epsilon. ',
  'Korean, with particles': '안녕하세요 오늘 날씨가 참 좋습니다. ',
  'Hebrew and digits': 'אלפא 12 ביתא 7 גמא. ',
  'Chinese with Latin words': '今天我们用 alpha 和 beta 测试。',
  'Thai with digits': 'วันนี้ 12 คนมาที่บ้าน',
  'one long word': 'Donaudampfschifffahrtsgesellschaftskapitän ',
};

export const oddTexts: readonly Scenario[] = Object.entries(TEXTS).flatMap(([name, text]) =>
  [undefined, 265].flatMap((cutAtMs) => [
    {
      name: `${name}, ${cutAtMs === undefined ? 'to the end' : `interrupted after ${cutAtMs} ms`}`,
      form: 'declares' as const,
      turns: [{ responses: [response(text)] }, ANSWER],
      steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs)]), ask(2600)],
    },
    {
      name: `${name}, no word times, ${cutAtMs === undefined ? 'to the end' : 'interrupted'}`,
      form: 'llm' as const,
      voice: UNTIMED_VOICE,
      turns: [{ responses: [response(text)] }, ANSWER],
      steps: [ask(), ...(cutAtMs === undefined ? [] : [interrupt(cutAtMs * 3.5)]), ask(6000)],
    },
  ]),
);

/** Models and voices that break off in the middle. */
const BROKEN: Readonly<
  Record<string, { readonly turns: readonly TurnPlan[]; readonly voice?: VoicePlan }>
> = {
  'a model that breaks off in the second response': {
    turns: [
      {
        responses: [
          response(FIRST),
          { chunks: [{ text: 'epsilon ze' }, { text: '', afterMs: 200, thenFails: true }] },
        ],
      },
      ANSWER,
    ],
  },
  'a model that breaks off before its first word': {
    turns: [{ responses: [{ chunks: [{ text: '', thenFails: true }] }] }],
  },
  'a voice that breaks off, with a second one that cannot take over': {
    voice: { failsAtWord: 2, hasFallback: true },
    turns: [TWO, ANSWER],
  },
  'a voice that breaks off between two responses, and a second one takes over': {
    voice: { failsAtWord: 4, hasFallback: true },
    turns: [TWO, ANSWER],
  },
};

export const brokenOff: readonly Scenario[] = (
  ['device', 'page', 'room', 'avatar'] as readonly ListenerKind[]
).flatMap((listener) =>
  Object.entries(BROKEN).map(([name, of]) => ({
    ...of,
    name: `${listener}: ${name}`,
    form: 'declares' as const,
    ear: earOf(listener),
    steps: [ask(), ...(of.turns.length > 1 ? [ask(3000)] : [])],
  })),
);

/** Tools that wait for what was said, that hand over, and that are cut meanwhile. */
const TOOLS: Readonly<
  Record<string, { readonly turns: readonly TurnPlan[]; readonly steps: readonly Step[] }>
> = {
  'a tool that waits until the words before it were heard': {
    turns: [{ responses: [response('One moment please. ')], tool: 'wait', toolWaits: true }, TWO],
    steps: [ask()],
  },
  'such a tool, interrupted while it waits': {
    turns: [
      { responses: [response('One moment please. ')], tool: 'wait', toolWaits: true },
      TWO,
      ANSWER,
    ],
    steps: [ask(), interrupt(260), ask(2500)],
  },
  'a tool that hands over to another agent': {
    turns: [
      { responses: [response('One moment please. ')], tool: 'transfer', toolHandsOff: true },
      ANSWER,
      THIRD,
    ],
    steps: [ask(), ask(2500)],
  },
  'a slow model, and the session ends when all was said': {
    turns: [{ responses: [slowly(FIRST, 150)] }],
    steps: [ask(), { atMs: 300, do: 'shut_down' }],
  },
};

export const otherTools: readonly Scenario[] = LISTENER_KINDS.flatMap((listener) =>
  Object.entries(TOOLS).map(([name, of]) => ({
    ...of,
    name: `${listener}: ${name}`,
    form: 'declares' as const,
    ear: earOf(listener),
  })),
);
