import {
  NATURAL_PACE,
  response,
  type Scenario,
  slowly,
  UNTIMED_VOICE,
  type VoicePlan,
} from '../scenario.ts';
import { FIRST, SECOND } from './usual.ts';

const FORMS = ['declares', 'flushes', 'llm'] as const;

const ask = { atMs: 0, do: 'ask' } as const;

const VOICES: Readonly<Record<string, VoicePlan>> = {
  'a voice that breaks off after two words': { failsAtWord: 2 },
  'a voice that breaks off after two words, without word times': {
    failsAtWord: 2,
    ...UNTIMED_VOICE,
  },
  'a voice that fails before its first word': { failsAtWord: 0 },
  'a voice that fails at the second response': { failsAtWord: 4 },
  'a voice that is silent for the first response': { silentFor: 'alpha' },
  'a voice that is silent for the second response': { silentFor: 'epsilon' },
  'a voice that is late': { firstSoundMs: 700 },
  'a voice slower than real time': { speed: 0.8 },
  'a voice slower than real time, without word times': { speed: 0.8, ...UNTIMED_VOICE },
  'no voice at all': { absent: true },
};

/** What voices do, to the end of both responses. */
export const voices: readonly Scenario[] = Object.entries(VOICES).flatMap(([name, voice]) =>
  FORMS.map((form) => ({
    name: `${name}, ${form}`,
    form,
    voice,
    turns: [{ responses: [response(FIRST), response(SECOND, 'thinking')] }],
    steps: [ask],
  })),
);

/** The same voices, and the user interrupts. */
export const voicesCut: readonly Scenario[] = Object.entries(VOICES).flatMap(([name, voice]) =>
  [240, 650].map((atMs) => ({
    name: `${name}, interrupted after ${atMs} ms`,
    form: 'declares' as const,
    voice,
    turns: [{ responses: [response(FIRST), response(SECOND, 'thinking')] }],
    steps: [ask, { atMs, do: 'interrupt' as const }],
  })),
);

/** The model stops in the middle of a word, and goes on after the cut. */
export const halfWords: readonly Scenario[] = [true, false].flatMap((wordTimes) =>
  [500, 900, 1290].map((atMs) => ({
    name: `the model stalls inside a word, ${wordTimes ? 'word times' : 'no word times'}, interrupted after ${atMs} ms`,
    form: 'declares' as const,
    voice: wordTimes ? {} : UNTIMED_VOICE,
    turns: [
      {
        responses: [
          {
            chunks: [{ text: 'Your account num' }, { text: 'ber is seven.', afterMs: 1500 }],
          },
        ],
      },
    ],
    steps: [ask, { atMs: atMs * (wordTimes ? 1 : NATURAL_PACE), do: 'interrupt' as const }],
  })),
);

/** Languages that put no space between words, and one that is written from right to left. */
const TEXTS: Readonly<Record<string, string>> = {
  Chinese: '今天天气非常好，我们可以去公园散步。',
  Japanese: '明日の会議は午後三時に始まります。',
  Thai: 'วันนี้อากาศดีมากเราไปเดินเล่นกันเถอะ',
  Arabic: 'موعدك غدا في الساعة التاسعة صباحا. ',
  Hindi: 'आपकी ट्रेन नौ बजे निकलती है। ',
  German: 'Ihre Verbindungsnummer lautet siebenundzwanzig. ',
};

export const scripts: readonly Scenario[] = Object.entries(TEXTS).flatMap(([language, text]) =>
  [true, false].flatMap((wordTimes) =>
    [260, 520].map((atMs) => ({
      name: `${language}, ${wordTimes ? 'word times' : 'no word times'}, interrupted after ${atMs} ms`,
      form: 'llm' as const,
      voice: wordTimes ? {} : UNTIMED_VOICE,
      turns: [{ responses: [response(text)] }],
      steps: [ask, { atMs: atMs * (wordTimes ? 1 : NATURAL_PACE), do: 'interrupt' as const }],
    })),
  ),
);

/** A model that gives a word every 330 ms and a voice that speaks word by word, cut anywhere. */
export const slowTokens: readonly Scenario[] = [1, 2, 3, 4, 5, 6, 7, 8].map((place) => ({
  name: `three tokens a second, interrupted after ${place * 317} ms`,
  form: 'declares' as const,
  turns: [{ responses: [slowly(`${FIRST}${SECOND}`, 330)] }],
  steps: [ask, { atMs: place * 317, do: 'interrupt' as const }],
}));
