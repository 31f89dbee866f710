import {
  CAPTION_VERSION,
  type CaptionEnvelope,
  type CaptionMessage,
  MAX_CAPTION_MARKS,
  MAX_CAPTION_PIECE_CHARS,
  MAX_CAPTION_TEXT_CHARS,
  MAX_CAPTION_WORDS,
} from './captions.ts';
import { BAD, type Check, isObject, isOneOf, isText, isWhole, parseMessage } from './fields.ts';

/** A message for captions; or why the input is none that this version can use. */
export type ParsedCaption =
  | { readonly ok: true; readonly message: CaptionMessage & CaptionEnvelope }
  /** `unknown_type`: of a later version of the agent, which is no fault. */
  | { readonly ok: false; readonly reason: 'bad_format' | 'too_large' | 'unknown_type' };

const CHECKS: Readonly<Record<CaptionMessage['type'], Check>> = {
  response: ({ turnId, index, sampleRateHz, segmentId, metadata }) =>
    isText(turnId) &&
    isWhole(index, 0) &&
    isWhole(sampleRateHz, 1) &&
    (segmentId === undefined || isText(segmentId)) &&
    (metadata === undefined || isObject(metadata)),
  text: ({ atChar, text, isComplete }) =>
    isOffset(atChar) &&
    typeof text === 'string' &&
    text.length <= MAX_CAPTION_PIECE_CHARS &&
    atChar + text.length <= MAX_CAPTION_TEXT_CHARS &&
    typeof isComplete === 'boolean',
  words: ({ fromWord, timedWords, words }) =>
    isWhole(fromWord, 0) &&
    isWhole(timedWords, 0) &&
    fromWord <= MAX_CAPTION_TEXT_CHARS &&
    areWords(words),
  mark: ({ mark, name, atSamples, isEstimated }) =>
    isWhole(mark, 0) &&
    mark < MAX_CAPTION_MARKS &&
    isText(name) &&
    isWhole(atSamples, 0) &&
    typeof isEstimated === 'boolean',
  outcome: ({ outcome, reason, heardSamples, heardChars, unheardChars }) =>
    isOneOf(outcome, ['heard', 'partly_heard', 'cut', 'failed', 'skipped']) &&
    (reason === undefined || isText(reason)) &&
    isWhole(heardSamples, 0) &&
    (heardChars === undefined || isOffset(heardChars)) &&
    (unheardChars === undefined || areSpans(unheardChars)),
};

/** Parses a message for captions: JSON text. Never throws. */
export function parseCaptionMessage(raw: string): ParsedCaption {
  const parsed = parseMessage<CaptionMessage & CaptionEnvelope>(
    raw,
    CAPTION_VERSION,
    CHECKS,
    ({ epoch, seq }) => isText(epoch) && isWhole(seq, 1),
  );
  // Each type that is known has one; a later type need not.
  return parsed.ok && !isText(parsed.message.responseId) ? BAD : parsed;
}

/** The text to send for a message for captions. */
export function encodeCaptionMessage(
  message: CaptionMessage,
  of: { readonly epoch: string; readonly seq: number },
): string {
  return JSON.stringify({ v: CAPTION_VERSION, epoch: of.epoch, seq: of.seq, ...message });
}

function isOffset(value: unknown): value is number {
  return isWhole(value, 0) && value <= MAX_CAPTION_TEXT_CHARS;
}

/** Triples of start, end and samples, in order. */
function areWords(value: unknown): boolean {
  if (!Array.isArray(value) || value.length % 3 !== 0 || value.length > 3 * MAX_CAPTION_WORDS)
    return false;
  return value.every((one, at) => {
    if (at % 3 === 2) return isWhole(one, value[at - 3] ?? 0);
    return isOffset(one) && (at % 3 === 0 ? one >= (value[at - 2] ?? 0) : one > value[at - 1]);
  });
}

/** Pairs of offsets, in order. */
function areSpans(value: unknown): boolean {
  if (!Array.isArray(value) || value.length % 2 !== 0) return false;
  return value.every((one, at) => isOffset(one) && one >= (value[at - 1] ?? 0));
}
