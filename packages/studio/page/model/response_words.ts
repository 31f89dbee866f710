import type { Inaudible } from '@oncue/core';
import { cutByText, SKIP_REASON_TEXT } from '@oncue/core/trace';
import { millis } from './format.ts';
import type { ResponseView } from './response_view.ts';

/** Why nobody could hear, in two words. */
export const INAUDIBLE_WORDS: Readonly<Record<Inaudible, string>> = {
  nobody: 'nobody listens',
  silent: 'no answer',
  muted: 'muted',
};

/** As `outcomeWords`, but short while it plays: on the time axis of a phone there is little room. */
export function shortOutcomeWords(response: ResponseView): string {
  return response.outcome === 'playing' ? playingWords(response) : outcomeWords(response);
}

/** The outcome of a response in a few words. While nobody can hear it, also how much was heard: that does not change then. */
export function outcomeWords(response: ResponseView): string {
  const { outcome, heardMs } = response;
  switch (outcome) {
    case 'waiting':
      return response.sent
        ? 'sent, not heard yet'
        : response.written
          ? 'being written'
          : 'declared';
    case 'playing':
      return response.inaudibleNow === undefined
        ? playingWords(response)
        : `${playingWords(response)}, ${millis(heardMs)} known to be heard`;
    case 'heard':
      return 'heard';
    case 'partly_heard':
      return partlyHeardWords(response);
    case 'cut':
      return cutWords(response);
    case 'failed':
      return `failed after ${millis(heardMs)}`;
    case 'skipped':
      return skippedWords(response);
  }
}

function playingWords({ isPaused, inaudibleNow }: ResponseView): string {
  const words = isPaused ? 'paused' : 'playing';
  return inaudibleNow === undefined ? words : `${words}, ${INAUDIBLE_WORDS[inaudibleNow]}`;
}

/** A listener that did not answer may have heard the rest. */
function partlyHeardWords({ heardMs, sentMs, unheardAs }: ResponseView): string {
  const heard = `${millis(heardMs)} of ${millis(sentMs)}`;
  return unheardAs.includes('silent') ? `${heard} known to be heard` : `only ${heard} heard`;
}

/** What nobody heard had sounded too: it was not cut after so many ms. */
function cutWords(response: ResponseView): string {
  const heard = `${millis(response.heardMs)} of ${millis(response.sentMs)}`;
  const by = `cut by ${whoCut(response)}`;
  return response.unheardAs.length > 0
    ? `${by}, ${heard} known to be heard`
    : `${by} after ${heard}`;
}

function skippedWords({ skipReason }: ResponseView): string {
  if (skipReason === undefined) return 'never heard';
  const why = SKIP_REASON_TEXT[skipReason] ?? skipReason;
  return skipReason === 'not_known' ? why : `never heard: ${why}`;
}

/** The user of this page is "you", whether by voice, by a question, or with the key. */
function whoCut({ cutBy, cutByUser }: ResponseView): string {
  const isUser = cutBy === 'user_speech' || cutBy === 'user_text';
  return isUser || (cutByUser && cutBy === 'code') ? 'you' : cutByText(cutBy);
}

/** The evidence and error bound of the start, and those of the end once it is known in another way. */
export function evidenceWords({ start, end }: ResponseView): string {
  if (!start) return '';
  const words = `start ${start.evidence} ±${start.errorBoundMs.toFixed(1)} ms`;
  return end && end.evidence !== start.evidence
    ? `${words}, end ${end.evidence} ±${end.errorBoundMs.toFixed(1)} ms`
    : words;
}

/** A part of a response's text, and whether it was heard. */
export interface TextPart {
  readonly text: string;
  readonly heard: boolean;
}

/** The text in parts that were heard and parts that were not, in its order. Words that sounded to nobody are not heard. */
export function textParts({ text, heardText, words }: ResponseView): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { until, heard } of words) {
    if (until === undefined) return partsByPrefix(text, heardText);
    addPart(parts, { text: text.slice(from, until), heard });
    from = until;
  }
  if (words.length === 0) return partsByPrefix(text, heardText);
  const rest = text.slice(from);
  const isAll = words.every(({ heard }) => heard) && !/[\p{L}\p{N}]/u.test(rest);
  addPart(parts, { text: rest, heard: isAll });
  return parts;
}

function addPart(parts: TextPart[], part: TextPart): void {
  const last = parts.at(-1);
  if (part.text === '') return;
  if (last?.heard === part.heard) parts.splice(-1, 1, { ...last, text: last.text + part.text });
  else parts.push(part);
}

/** The heard text is the beginning of the text, but may differ in white space. */
function partsByPrefix(text: string, heardText: string): TextPart[] {
  const heardChars = prefixLength(text, heardText);
  return [
    { text: text.slice(0, heardChars), heard: true },
    { text: text.slice(heardChars), heard: false },
  ].filter((part) => part.text !== '');
}

/** The length of the beginning of `text` that has the characters of `part`; white space does not count. */
function prefixLength(text: string, part: string): number {
  const wanted = part.replaceAll(/\s/g, '').length;
  let seen = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (seen === wanted) return index;
    if (!/\s/.test(text[index] ?? '')) seen += 1;
  }
  return text.length;
}
