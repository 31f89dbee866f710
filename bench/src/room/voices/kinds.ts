import type { KnownSpeech } from '../../shared/find_speech.ts';
import { SCRIPTS } from '../../shared/languages.ts';
import { espeak } from './espeak_voice.ts';
import { chime, joined, mixed, scaled, silence, telephoneBand, tone, vowel } from './sounds.ts';

/** Responses of one kind. */
export interface Kind {
  readonly name: string;
  readonly speeches: readonly KnownSpeech[];
  /** In each turn the first of these comes before each response, and is judged with the kind `steady`. */
  readonly before?: readonly KnownSpeech[];
}

/** -40 dB, and 20 dB too loud. */
const QUIET = 0.01;
const TOO_LOUD = 10;
const UNDER = 0.25;

/** Languages that are neither written nor spoken like another one here. */
const LANGUAGES = ['de', 'fr', 'pl', 'ru', 'tr', 'vi', 'ar', 'hi', 'ko', 'cmn-latn-pinyin'];

/** @param english - Short sentences of the embedded voices. */
export function kindsOf(english: readonly KnownSpeech[]): Kind[] {
  const made = (name: string, change: (samples: Int16Array) => Int16Array): Kind => ({
    name,
    speeches: english.map((one) => soundOf(`${name} ${one.text.trim()}`, change(one.samples))),
  });
  const short = english.slice(0, 2);
  return [
    { name: 'english', speeches: english },
    { name: 'languages', speeches: languages() },
    made('quiet', (samples) => scaled(samples, QUIET)),
    made('clipped', (samples) => scaled(samples, TOO_LOUD)),
    made('telephone', telephoneBand),
    made('chime', (samples) => joined(chime(600), samples)),
    made('tone', (samples) => joined(tone(440, 500), samples)),
    made('vowel', (samples) => joined(vowel(600), samples)),
    made('music', (samples) => mixed(samples, scaled(chime(2000), UNDER))),
    made('silence', (samples) => joined(silence(300), samples)),
    { name: 'repeats', speeches: short.slice(0, 1) },
    {
      name: 'after a steady sound',
      speeches: english,
      before: [
        soundOf('A held vowel.', vowel(900)),
        soundOf('A tone.', tone(523, 700)),
        soundOf('A chime.', chime(900)),
      ],
    },
  ];
}

function languages(): KnownSpeech[] {
  return SCRIPTS.filter(({ voice }) => LANGUAGES.includes(voice)).flatMap(
    ({ voice, texts, pieces }) =>
      texts.map((text, index) => {
        const read = pieces ? readings(text) : text;
        const clause = read.split(/[,.!?،。，]/)[0] ?? read;
        return soundOf(`Language ${voice} ${'abc'[index]}.`, espeak(voice, clause));
      }),
  );
}

/** What is read aloud of pieces such as `早上/zao3 shang4`. */
function readings(text: string): string {
  return text
    .split('|')
    .map((piece) => piece.split('/').at(-1))
    .join(' ');
}

function soundOf(text: string, samples: Int16Array): KnownSpeech {
  return { text: `${text} `, samples, words: [] };
}
