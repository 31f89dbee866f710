import { isDeepStrictEqual } from 'node:util';
import { heardText, OncueError } from '@oncue/core';
import { heardCaption } from '@oncue/core/internal';
import { replayTrace } from '@oncue/core/testing';
import { type Input, promise, type Target } from '../target.ts';

/** What a package keeps to itself is loaded by its place. */
const load = (file: string): Promise<unknown> =>
  import(new URL(`../../../packages/${file}`, import.meta.url).href);

const { speakableText } = (await load('embedded/src/flite/speakable_text.ts')) as {
  speakableText: (text: string) => { spoken: string; sourceIndexes: readonly number[] };
};
const { parsePageMessage, parseServerMessage } = (await load(
  'studio/src/protocol/control_messages.ts',
)) as Record<string, (text: string) => { readonly type: string } | undefined>;

const CONTROL = 'packages/studio/src/protocol/control_messages.ts';

function replay(input: Input): string {
  try {
    const { events, firstDifference } = replayTrace(input);
    return firstDifference ? 'differs' : `the same, ${Math.min(events.length, 3)}`;
  } catch (error) {
    promise('a bad trace is an OncueError', error instanceof OncueError);
    promise('its code is ONCUE_BAD_FORMAT', (error as OncueError).code === 'ONCUE_BAD_FORMAT');
    return (error as OncueError).message.replaceAll(/\d+|".*"/g, '').slice(0, 40);
  }
}

/** The heard text of a response that says the first line, of which a share of 1 to 4 quarters was heard. */
function hear(input: Input): string {
  const [text = '', caption = ''] = input.split('\n');
  const SENT = 80_000;
  let longest = 0;
  for (const quarters of [1, 2, 3, 4]) {
    const heard = heardText({
      text,
      textEnded: quarters > 2,
      words: [],
      heardSamples: (SENT * quarters) / 4,
      sentSamples: SENT,
      sampleRateHz: 8000,
      audioEnded: quarters > 2,
    });
    promise('what was heard is the start of the text', text.startsWith(heard.text));
    if (quarters > 2) {
      promise('who hears more has heard no less', heard.text.length >= longest);
      longest = heard.text.length;
    }
    const of = { fullText: text, heardText: heard.text };
    const shown = heardCaption(caption, of);
    promise('what is shown as heard is the start of the caption', caption.startsWith(shown));
    const late = heardCaption(caption, of, { mayGoOn: true });
    promise('a late caption counts as the text', late === shown || late === heard.text);
  }
  return longest === text.length ? 'all' : 'a part';
}

function speak(input: Input): string {
  const { spoken, sourceIndexes } = speakableText(input);
  promise('what is spoken is ASCII', /^[\x20-\x7e]*$/.test(spoken));
  promise('each character has its source', sourceIndexes.length === spoken.length);
  const inOrder = sourceIndexes.every((at, n) => at >= (sourceIndexes[n - 1] ?? 0));
  promise('in order, inside the text', inOrder && (sourceIndexes.at(-1) ?? 0) <= input.length);
  return spoken === '' ? 'nothing' : 'something';
}

function control(parse?: (text: string) => { readonly type: string } | undefined) {
  return (input: Input): string => {
    if (!parse) throw new Error('the parser has another name');
    const message = parse(input);
    if (!message) return 'refused';
    const again = parse(JSON.stringify({ v: 1, ...message }));
    promise('what was taken is taken again', isSame(again, message));
    return message.type;
  };
}

/** Alike once they are written: JSON has no `-0`. A reader may keep the version or leave it out. */
function isSame(one: object | undefined, other: object): boolean {
  const written = (message: object | undefined): unknown =>
    JSON.parse(JSON.stringify({ ...message, v: 1 }));
  return isDeepStrictEqual(written(one), written(other));
}

export const TEXT_TARGETS: readonly Target[] = [
  {
    name: 'trace',
    form: 'text',
    words: [
      'packages/core/src/trace/format.ts',
      'packages/core/src/trace/replay.ts',
      'packages/core/src/step/step.ts',
      'packages/core/src/step/on_turn.ts',
    ],
    run: replay,
  },
  { name: 'page_message', form: 'text', words: [CONTROL], run: control(parsePageMessage) },
  { name: 'server_message', form: 'text', words: [CONTROL], run: control(parseServerMessage) },
  {
    name: 'heard_text',
    form: 'text',
    words: ['packages/core/test/heard_text/heard_text.test.ts'],
    run: hear,
  },
  {
    name: 'speakable_text',
    form: 'text',
    words: ['packages/embedded/test/speakable_text.test.ts'],
    run: speak,
  },
];
