'use client';

/** @packageDocumentation @beta */

// What a page needs of the browser package, so that it installs one package.
export {
  type AgentHeardState,
  type CaptionEvents,
  type CaptionMode,
  type CaptionParts,
  captionParts,
  type HeardResponse,
  type HeardStatus,
  type MessageDropReason,
  type PassedPart,
  type ReachedMark,
  type ResponseEvent,
  type SpokenWord,
} from '@oncue/browser/captions';
export type { AudioError, HeardPosition, ReporterState } from '@oncue/browser/reporter';
export { HookError, type HookErrorCode } from './hook_error.ts';
export { OncueProvider, type OncueProviderProps } from './oncue_provider.ts';
export { useAgentHeardState } from './use_agent_heard_state.ts';
export {
  type HeardCaption,
  type HeardCaptionOptions,
  useHeardCaption,
} from './use_heard_caption.ts';
export { usePlayhead } from './use_playhead.ts';
export { type PageReporter, useReporter } from './use_reporter.ts';
export { useResponseEvent } from './use_response_event.ts';
export { useResponseMark } from './use_response_mark.ts';
export { useResponse, useResponses } from './use_responses.ts';
