/**
 * Shared by Oncue's own packages, of no use to applications. May change in any release.
 *
 * @module
 */
export { isOfAnother, noteAttachment } from './application/attachments.ts';
export { assertFunction, assertKnown, assertObject } from './declare/check_arguments.ts';
export { checkedMark } from './declare/mark_options.ts';
export { messageOf } from './errors.ts';
export { type CaptionWordList, captionWords } from './heard_text/caption_words.ts';
export { heardCaption } from './heard_text/heard_caption.ts';
export type { HeardTextQuery } from './heard_text/heard_text.ts';
export { placeInAudio } from './heard_text/place_in_audio.ts';
export { splitWords } from './heard_text/split_words.ts';
export { checkWaitOptions, KnownOnce } from './known_once.ts';
export { type Expected, expectedPlayout } from './step/estimated_playhead.ts';
export { type LatestOutcome, latestOutcomes, type Outcome } from './step/on_cut.ts';
export { type PerhapsHeard, perhapsHeard } from './step/outcome/perhaps_heard.ts';
export {
  isAudible,
  nextInTurn,
  responseOf,
  takesAudio,
  turnOf,
} from './step/state/selectors.ts';
export type { ResponseState } from './step/state/state.ts';
