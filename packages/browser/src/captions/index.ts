/** @packageDocumentation @beta */

export type { HeardPosition } from '../reporter/heard_position.ts';
export { type CaptionMode, type CaptionParts, captionParts } from './caption_text.ts';
export type {
  AgentHeardState,
  CaptionEvents,
  CaptionReporter,
  Captions,
  HeardResponse,
  HeardStatus,
  MessageDropReason,
  PassedPart,
  ResponseEvent,
  SpokenWord,
} from './captions_api.ts';
export { type CaptionOptions, followCaptions } from './follow_captions.ts';
export { followMarks, type ReachedMark } from './follow_marks.ts';
